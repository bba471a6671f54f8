import { invalid } from './error.js';

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

/** As a limit of video: a browser takes it modulo 2³², and a limit of 0 for none. */
export function checkedBitrate(maxBitrate: number | undefined): number | undefined {
  if (maxBitrate === undefined || (maxBitrate >= 1 && maxBitrate < 2 ** 32)) return maxBitrate;
  throw invalid(`No bits a second: maxBitrate ${maxBitrate}`);
}

/** Of the stream, the first audio and the first video track. */
export function publicationOf(stream: MediaStream, maxBitrate?: number): Publication {
  if (!stream?.getTracks) throw invalid('What is published has to be a MediaStream');
  const lastOfAllFirst = stream.getTracks().reverse();
  return {
    stream_: stream,
    tracks_: new Map(lastOfAllFirst.map((track) => [track.kind, track])),
    maxBitrate_: checkedBitrate(maxBitrate),
  };
}

/** Of its tracks some have ended and none goes on: it is not sent until one is replaced. */
export function hasEnded({ tracks_ }: Publication): boolean {
  const states = [...tracks_.values()].map((track) => track && track.readyState === 'ended');
  return states.includes(true) && !states.includes(false);
}
