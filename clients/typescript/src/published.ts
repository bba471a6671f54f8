import { invalid } from './error.js';

/** A published stream, and those of its tracks that are sent as "audio" and "video". */
export interface Publication {
  stream_: MediaStream;
  tracks_: Map<string, MediaStreamTrack | null>;
  /** The limit of the video, in bits per second. */
  maxBitrate_: number | undefined;
}

/** Our published streams, by kind. */
export type Published = Map<string, Publication>;

/** Finds the stream that is published under that kind, or throws. */
export function findPublication(published: Published, kind: string): Publication {
  const publication = published.get(kind);
  if (!publication) throw new Error(`Nothing is published as "${kind}"`);
  return publication;
}

/** Checks a limit of video: a browser takes it modulo 2³², and 0 means no limit. */
export function checkedBitrate(maxBitrate: number | undefined): number | undefined {
  if (maxBitrate === undefined || (maxBitrate >= 1 && maxBitrate < 2 ** 32)) return maxBitrate;
  throw invalid(`Invalid maxBitrate: ${maxBitrate}`);
}

/** Takes the first audio and the first video track of the stream. */
export function publicationOf(stream: MediaStream, maxBitrate?: number): Publication {
  if (!stream?.getTracks) throw invalid('Only a MediaStream can be published');
  const lastOfAllFirst = stream.getTracks().reverse();
  return {
    stream_: stream,
    tracks_: new Map(lastOfAllFirst.map((track) => [track.kind, track])),
    maxBitrate_: checkedBitrate(maxBitrate),
  };
}

/** Whether tracks have ended and none continues: then it is not sent until one is replaced. */
export function hasEnded({ tracks_ }: Publication): boolean {
  const states = [...tracks_.values()].map((track) => track && track.readyState === 'ended');
  return states.includes(true) && !states.includes(false);
}
