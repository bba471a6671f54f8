#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "cluster/bus_message.hpp"
#include "cluster/known_room.hpp"
#include "cluster/store.hpp"
#include "signaling/peer_id.hpp"

// After the store has lost what it held, nodes restore the rooms of their peers. They disconnect
// peers that were told of changes that are lost.
namespace heliograph::cluster {

/// The store has lost what it held. True if this node must restore the room as it knows it. False
/// if the room does not concern it, or if others have changed the room: then they know it better,
/// and this node must look at what they restore. `under_way`: doubts that a commit under way will
/// settle.
bool is_to_restore(KnownRoom& known, const std::set<Doubt>& under_way, std::uint32_t node);
/// Writes the room as it is known, and tells the other nodes with peers there by an update for
/// nobody. `origin`: of the deliveries; its serial is the commit's.
Commit restoring_commit(const std::string& room, const StoredRoom& known,
                        const BatchOrigin& origin);

/// The store holds `stored` in place of what this node restored. Returns the peers of the node that
/// were told something else.
std::vector<signaling::PeerId> misled_by_replacement(const KnownRoom& known,
                                                     const StoredRoom& stored, std::uint32_t node);
/// The same when this node learns what the store holds, if others have restored the room.
std::vector<signaling::PeerId> misled_by_others(const KnownRoom& known, const StoredRoom& stored,
                                                std::uint32_t node);

}  // namespace heliograph::cluster
