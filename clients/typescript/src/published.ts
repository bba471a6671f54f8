/** A stream that is published, and which of its tracks (or none) by "audio" and "video". */
export interface Publication {
  stream_: MediaStream;
  tracks_: Map<string, MediaStreamTrack | null>;
  /** Bits a second of the video. */
  maxBitrate_: number | undefined;
}

/** What we publish, by kind. */
export type Published = Map<string, Publication>;

/** What was published under that kind; an error if that is nothing. */
export function findPublication(published: Published, kind: string): Publication {
  const publication = published.get(kind);
  if (!publication) throw new Error(`Nothing is published as "${kind}"`);
  return publication;
}

/** Of the stream, the first audio and the first video track. */
export function publicationOf(stream: MediaStream, maxBitrate?: number): Publication {
  const lastOfAllFirst = stream.getTracks().reverse();
  return {
    stream_: stream,
    tracks_: new Map(lastOfAllFirst.map((track) => [track.kind, track])),
    maxBitrate_: maxBitrate,
  };
}
