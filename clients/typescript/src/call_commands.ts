import type { CallOptions } from './call_types.js';
import { sendFramed } from './framed.js';
import type { Framed } from './framed.js';
import type { Mesh } from './mesh.js';
import type { MediaKind, RoomChanges, RoomSettings, WithPayload } from './protocol.js';
import { checkedBitrate, findPublication, publicationOf } from './published.js';
import type { RemotePeer } from './remote_peer.js';
import type { RoomState } from './room_state.js';
import type { Signal } from './signal.js';
import type { JoinOptions } from './signal_types.js';
import type { Visit } from './visit.js';

/** What a call can be told to do. */
export interface CallCommands {
  /**
   * Makes the room (a UUID is its name where none is given) and owns it. As `join` and `enter` do,
   * it rejects with "already-in-room" if this call, or another one of its signal, is in the room,
   * and with "closed" if the call has ended.
   */
  create(room?: string, options?: WithPayload): Promise<void>;
  /** Asks to be let in, and resolves when you are; rejects as `Signal.joinRoom` does. */
  join(room: string, options?: JoinOptions): Promise<void>;
  /** Joins the room, or creates it where there is none. */
  enter(room: string, options?: JoinOptions): Promise<void>;
  /** Leaves the room and closes every connection. Your tracks go on; they are yours. */
  leave(options?: WithPayload): Promise<void>;

  /**
   * Sends the stream's first audio and first video track to everyone, late comers too. `kind` is
   * how the others tell a camera from a screen ("camera" by default); what was published under it
   * before is replaced. When its tracks have ended ("Stop sharing" in the browser, or an unplugged
   * camera), the others do not see it any more, until you publish again or replace a track.
   * `maxBitrate`, in bits a second for each peer, limits its video; without it,
   * the call's option of that name does.
   */
  publish(stream: MediaStream, kind?: string, options?: { maxBitrate?: number }): void;
  unpublish(kind: string): void;
  /**
   * Sends another track of what is published under that kind, without a pause where there was one
   * before: another camera, or `null` for none.
   */
  replaceTrack(kind: string, media: MediaKind, track: MediaStreamTrack | null): void;
  /**
   * Limits the video that is published under that kind to so many bits a second, for each peer;
   * without a number it is not limited any more. There is no new negotiation.
   */
  setMaxBitrate(kind: string, maxBitrate?: number): void;
  /**
   * To everyone whose data channel ("main", or one of the option `channels`) is open: any JSON, or
   * an ArrayBuffer or a view of one. Resolves when all of it is handed to the channels: wait for
   * that between large messages. Rejects as `Peer.send` does if a peer did not get it; the others
   * still do. The call tells "error" as well.
   */
  send(data: unknown, channel?: string): Promise<void>;
  /** What everybody shall know of you, late comers too: muted, hand raised. Any JSON. */
  setStatus(status: unknown): void;

  /** Owners only. That a candidate has gone or was answered meanwhile is no error. */
  accept(peerId: string, options?: WithPayload): Promise<void>;
  /** Owners only, as `accept`. */
  reject(peerId: string, options?: WithPayload): Promise<void>;
  /** Owners only: sends a member out, with `ban` for good. */
  kick(peerId: string, options?: WithPayload & { ban?: boolean }): Promise<void>;
  /** Owners only: asks a member to mute what it sends. The member's call tells "mute-request". */
  requestMute(peerId: string, kind: MediaKind, options?: WithPayload): Promise<void>;
  /** Owners only: locks the room, limits it, changes who may come in. */
  update(changes: RoomChanges, options?: WithPayload): Promise<RoomSettings>;
}

export function createCallCommands(
  signal: Signal,
  room: RoomState,
  { published_: published, ...mesh }: Mesh,
  { create_, join_, leave_ }: Visit,
  maxBitrates: CallOptions['maxBitrate'] = {},
): CallCommands {
  Object.values(maxBitrates).forEach(checkedBitrate);
  /** The browser's own button ends a screen: nobody shall see its last picture for ever. */
  const watch = (track: MediaStreamTrack | null): void =>
    track?.addEventListener?.('ended', mesh.updateMedia_);

  return {
    create: create_,
    join: (name, options) => join_('joinRoom', name, options),
    enter: (name, options) => join_('enterRoom', name, options),
    leave: leave_,
    publish: (stream, kind = 'camera', { maxBitrate = maxBitrates[kind] } = {}) => {
      const publication = publicationOf(stream, maxBitrate);
      published.set(kind, publication);
      publication.tracks_.forEach(watch);
      mesh.updateMedia_();
    },
    unpublish: (kind) => {
      published.delete(kind);
      mesh.updateMedia_();
    },
    replaceTrack: (kind, media, track) => {
      findPublication(published, kind).tracks_.set(media, track);
      watch(track);
      mesh.updateMedia_();
    },
    setMaxBitrate: (kind, maxBitrate) => {
      findPublication(published, kind).maxBitrate_ = checkedBitrate(maxBitrate);
      mesh.updateMedia_();
    },
    send: (data, channel) =>
      sendFramed(data, (message) => sendToAll([...mesh.peers_.values()], message, channel)),
    setStatus: mesh.setStatus_,
    accept: (peerId, options) => room.decide_('accept', peerId, options),
    reject: (peerId, options) => room.decide_('reject', peerId, options),
    kick: (peerId, options) => room.decide_('kick', peerId, options),
    requestMute: (peerId, kind, options) => signal.requestMute(room.name_, peerId, kind, options),
    update: (changes, options) => signal.updateRoom(room.name_, changes, options),
  };
}

function sendToAll(
  peers: readonly RemotePeer[],
  message: Framed,
  channel: string | undefined,
): Promise<void> {
  const all = peers.map((peer) => peer.sendFramed_(message, channel));
  const sent = Promise.allSettled(all).then(async () => void (await Promise.all(all)));
  sent.catch(() => {}); // The call has told "error".
  return sent;
}
