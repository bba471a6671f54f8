import type { Kinds } from './negotiation.js';
import type { TellOfPeer } from './call_types.js';

/** The streams that a peer sends, by kind. */
export interface IncomingStreams {
  readonly streams_: Map<string, MediaStream>;
  onTrack_: (track: MediaStreamTrack, stream: MediaStream | undefined) => void;
  /** Keeps only these streams. A client of another make names none; then all are kept. */
  onStreams_: (kinds: Kinds | undefined) => void;
}

export function createIncomingStreams(tell: TellOfPeer): IncomingStreams {
  const streams = new Map<string, MediaStream>();
  let kinds: Kinds = {};
  return {
    streams_: streams,
    onTrack_: (track, stream = new MediaStream([track])) => {
      const kind = kinds[stream.id] ?? 'camera';
      if (streams.get(kind) === stream) return;
      streams.set(kind, stream);
      tell('stream', { stream, kind });
    },
    onStreams_: (named) => {
      if (!named) return;
      kinds = named;
      for (const [kind, stream] of streams) {
        if (kinds[stream.id] === kind) continue;
        streams.delete(kind);
        tell('stream-removed', { stream, kind });
      }
    },
  };
}
