import type { RemotePeer } from './remote_peer.js';

/** The other members of the room, and their ids. */
export interface Roster {
  readonly peers_: ReadonlyMap<string, RemotePeer>;
  /**
   * A peer speaks to us. With `starts` the server says that the peer is in the room, perhaps again;
   * the later one of two makes the first offer.
   */
  meet_: (id: string, info: unknown, starts?: boolean) => RemotePeer | undefined;
  part_: (id: string) => void;
  /** The peer that has announced that it comes back under this id. */
  expects_: (id: string) => RemotePeer | undefined;
  /** As `part_`, but its id may be used again. */
  drop_: (peer: RemotePeer) => void;
  rename_: (peer: RemotePeer, id: string, info: unknown) => void;
}

// Long because its variables are the state (docs/decisions/client-size.md).
export function createRoster(
  create: (id: string, info: unknown, starts: boolean) => RemotePeer,
): Roster {
  const peers = new Map<string, RemotePeer>();
  /** Peers that have left: their messages may arrive later than that. */
  const departed = new Set<string>();

  const returning = (id: string): RemotePeer | undefined =>
    [...peers.values()].find(({ isOrphaned_, nextId_ }) => isOrphaned_ && nextId_ === id);

  const meet: Roster['meet_'] = (id, info, starts) => {
    if (starts !== undefined) departed.delete(id);
    let peer = peers.get(id);
    if (peer) {
      peer.info = info;
    } else if (!departed.has(id)) {
      peer = returning(id);
      if (peer) {
        rename(peer, id, info);
      } else {
        peer = create(id, info, starts === true);
        peers.set(id, peer);
        peer.tell_('peer-joined', {});
      }
    }
    return peer;
  };

  const part = (id: string): void => {
    departed.add(id);
    const peer = peers.get(id);
    if (peer) drop(peer);
  };

  const drop = (peer: RemotePeer): void => {
    peers.delete(peer.id);
    peer.close_();
    peer.tell_('peer-left', {});
  };

  const rename = (peer: RemotePeer, id: string, info: unknown): void => {
    const previousId = peer.id;
    peers.delete(previousId);
    departed.add(previousId);
    peers.set(id, peer);
    Object.assign(peer, { id, info, isOrphaned_: false, nextId_: undefined });
    peer.link_.enqueue_((steps) => steps.resume_());
    peer.tell_('peer-renamed', { previousId });
  };

  return {
    peers_: peers,
    meet_: meet,
    part_: part,
    expects_: returning,
    drop_: drop,
    rename_: rename,
  };
}
