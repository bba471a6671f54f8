#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "cluster/store.hpp"
#include "signaling/peer_id.hpp"
#include "signaling/worker_message.hpp"

namespace heliograph::cluster {

/// The standing of peers in a room.
using Memberships = std::map<signaling::PeerId, signaling::Membership>;

/// Why the store may hold another room than this node knows. The next commit finds out.
enum class Doubt : std::uint8_t {
  kChanged,   // another node has changed the room; to be found out as long as it concerns this node
  kRestored,  // another node has restored the room, or is to; to be found out in any case
};

/// How a loss of the store's may concern a room, until the store has told this node how it did.
enum class Loss : std::uint8_t {
  kNone,
  kRestoredByOthers,  // another node has restored the room, perhaps not as this node knew it
  kKnewOlder,         // others are to restore it: peers here had been told more than this node knew
};

/// A room that nodes share, as this node knows it.
struct KnownRoom {
  StoredRoom stored;       // as the store last said, or as this node's last commit left it
  Memberships told;        // by other nodes, beyond that, to peers of this node
  std::set<Doubt> doubts;  // that no commit under way is to settle
  Loss loss = Loss::kNone;
};

/// Members and candidates of the room that live on the node.
Memberships peers_on(std::uint32_t node, const StoredRoom& stored);
/// Whether there are any, or the node sees to the end of the room because it lingers.
bool concerns(std::uint32_t node, const StoredRoom& stored);

/// Another node has changed the room, and tells peers of this one so.
void on_change(KnownRoom& known, const signaling::RoomUpdate& update);
/// Another node has restored the room.
void on_restored(KnownRoom& known);

/// The store has carried out a commit that left the room like this.
void note_commit(KnownRoom& known, std::string version, RoomFields fields);
/// The store holds this room, and did not carry out a commit. Returns peers of the node that are
/// there although the node does not know that it brought them in.
///
/// A node's peers come in by its own commits alone. Others were here long ago, and are there
/// because a node that slept has restored the room.
std::vector<signaling::PeerId> learn(KnownRoom& known, StoredRoom stored, std::uint32_t node);

}  // namespace heliograph::cluster
