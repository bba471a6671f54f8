import type { RemotePeer } from './remote_peer.js';
import type { Roster } from './roster.js';

/**
 * The peer announces the id under which it comes back. Returns whether that id is let in if it
 * asks. Only peers that need another id are believed, so nobody takes the place of somebody else.
 */
export function takeAnnouncement(roster: Roster, peer: RemotePeer, id: string): boolean {
  const { isOrphaned_: isOrphaned, nextId_: nextId } = peer;
  // A peer may announce one newcomer only.
  if (isOrphaned && nextId && nextId !== id) return false;
  peer.nextId_ = id;
  const twin = roster.peers_.get(id);
  if (!isOrphaned || !twin) return isOrphaned;
  // It is here already under its new id. The connection that works is kept.
  if (twin.link_.hasSpoken_) {
    roster.part_(peer.id);
  } else {
    roster.drop_(twin);
    roster.rename_(peer, id, twin.info);
  }
  return false;
}
