/** Another member of the call and the connection to it: the same object under whatever id. */
export interface Peer {
  /** Changes when the peer or the server lost its memory: event "peer-renamed". */
  readonly id: string;
  /** What the peer says of itself. */
  readonly info: unknown;
  /** What it has set by `call.setStatus`; undefined until it has said. */
  readonly status: unknown;
  /** What it sends, by kind ("camera", "screen" or any name the other side gave). */
  readonly streams: ReadonlyMap<string, MediaStream>;
  readonly connectionState: RTCPeerConnectionState;
  /** For what this package has no method for; null until it has been made. */
  readonly connection: RTCPeerConnection | null;

  /**
   * Sends over data channel "main", or one of the call's `channels`. Resolves to true when all of it
   * is handed to the channel, and at once to false if that is not open. Do not change binary data
   * before that. Rejects with a `SignalError`:
   *
   * - "invalid-arguments" if it is neither binary nor JSON;
   * - "message-too-large";
   * - "queue-full" if as much waits as two of the largest messages, or 1 MiB on a channel that is
   *   unordered or lossy;
   * - "closed" if the connection ends meanwhile.
   *
   * Of all but the first, the call tells "error" as well, unless the peer has left.
   */
  send: (data: unknown, channel?: string) => Promise<boolean>;
  /** Opens a data channel of your own; the other side gets event "channel". */
  openChannel: (label: string, init?: RTCDataChannelInit) => Promise<RTCDataChannel>;
}
