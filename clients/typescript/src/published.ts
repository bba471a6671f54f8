type Media = 'audio' | 'video';

/** A track that is sent, or the place for one. */
export interface PublishedTrack {
  media: Media;
  track: MediaStreamTrack | null;
  stream: MediaStream;
}

interface Publication {
  stream: MediaStream;
  tracks: Map<Media, MediaStreamTrack | null>;
}

/** What we publish: streams by kind, and of each at most one audio and one video track. */
export class Published {
  readonly #publications = new Map<string, Publication>();

  get streams(): ReadonlyMap<string, MediaStream> {
    return new Map([...this.#publications].map(([kind, { stream }]) => [kind, stream]));
  }

  add(kind: string, stream: MediaStream): void {
    const tracks = new Map<Media, MediaStreamTrack | null>();
    for (const [media, [track]] of [
      ['audio', stream.getAudioTracks()],
      ['video', stream.getVideoTracks()],
    ] as const) {
      if (track) tracks.set(media, track);
    }
    this.#publications.set(kind, { stream, tracks });
  }

  remove(kind: string): void {
    this.#publications.delete(kind);
  }

  /** False where nothing is published under that kind. */
  replace(kind: string, media: Media, track: MediaStreamTrack | null): boolean {
    return this.#publications.get(kind)?.tracks.set(media, track) !== undefined;
  }

  /** All tracks, each under a key that it keeps as long as it is published. */
  tracks(): Map<string, PublishedTrack> {
    const all = new Map<string, PublishedTrack>();
    for (const { stream, tracks } of this.#publications.values()) {
      for (const [media, track] of tracks) {
        all.set(`${stream.id} ${media}`, { media, track, stream });
      }
    }
    return all;
  }

  kinds(): Record<string, string> {
    const kinds = [...this.#publications].map(([kind, { stream }]) => [stream.id, kind]);
    return Object.fromEntries(kinds);
  }
}
