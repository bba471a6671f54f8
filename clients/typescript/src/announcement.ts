import type { RemotePeer } from './remote_peer.js';
import type { Roster } from './roster.js';

/**
 * The peer says under which id it comes back. Returns whether that one is let in if it asks.
 * Believed only of those who need another id: nobody takes the place of somebody else.
 */
export function takeAnnouncement(roster: Roster, peer: RemotePeer, id: string): boolean {
  const { isOrphaned_: isOrphaned, nextId_: nextId } = peer;
  // Nobody speaks for more than one newcomer.
  if (isOrphaned && nextId && nextId !== id) return false;
  peer.nextId_ = id;
  const twin = roster.peers_.get(id);
  if (!isOrphaned || !twin) return isOrphaned;
  // It is here already under its new id. The connection that has been at work stays.
  if (twin.link_.hasSpoken_) {
    roster.part_(peer.id);
  } else {
    roster.drop_(twin);
    roster.rename_(peer, id, twin.info);
  }
  return false;
}
