/** Another member of the call, and the connection to it. It stays the same if its id changes. */
export interface Peer {
  /** Changes if the peer or the server loses its memory: event "peer-renamed". */
  readonly id: string;
  /** The peer's description of itself, its `peerinfo`. */
  readonly info: unknown;
  /** The status that it has set by `call.setStatus`; undefined until it is known. */
  readonly status: unknown;
  /** The streams that it sends, by kind ("camera", "screen" or another name). */
  readonly streams: ReadonlyMap<string, MediaStream>;
  readonly connectionState: RTCPeerConnectionState;
  /** For everything that this package does not do; null until it has been made. */
  readonly connection: RTCPeerConnection | null;

  /**
   * Sends over data channel "main", or one of the call's `channels`. Resolves to true when the
   * channel has all of it, and at once to false if the channel is not open. Do not change binary
   * data before that. Rejects with a `SignalError`:
   *
   * - "invalid-arguments" if it is neither binary nor JSON;
   * - "message-too-large";
   * - "queue-full" if as much waits as two of the largest messages, or 1 MiB on a channel that is
   *   unordered or lossy;
   * - "closed" if the connection ends meanwhile.
   *
   * In all cases but the first, the call also emits "error", unless the peer has left.
   */
  send: (data: unknown, channel?: string) => Promise<boolean>;
  /** Opens another data channel. The other side gets event "channel". */
  openChannel: (label: string, init?: RTCDataChannelInit) => Promise<RTCDataChannel>;
}
