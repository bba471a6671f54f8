#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "signaling/room.hpp"

namespace heliograph::cluster {

/// A room as it is stored, a hash: `o` the members' ids in the order of joining, and which of them
/// own, `s` settings and bans, `m:ID` a member's peerinfo, `r:ID` a join request, `p:ID` a member's
/// place, `f:PLACE` one that is free, `l` that the room lingers, `k` the peers that were kicked
/// last; and of the store's own, `v` the version, `r` the one that was restored, and `t:NODE` which
/// commit was the last of that node. Nodes before 0.3 know no places: they leave them out.
using RoomFields = std::map<std::string, std::string, std::less<>>;

/// `unix_offset`: add it to a TimePoint of this node to get the time since 1970, by which nodes
/// tell each other when tickets expire. The same for a room that is read and written again, so that
/// what has not changed is written as it was.
RoomFields fields_of(const signaling::Room& room, base::Duration unix_offset = {});
/// Nothing if the fields are not those of a room, which `v` and `t:NODE` may stand among.
std::optional<signaling::Room> room_of(const RoomFields& fields, base::Duration unix_offset = {});

/// Turns one hash into another.
struct RoomChange {
  std::vector<std::pair<std::string, std::string>> set;
  std::vector<std::string> erased;
};
RoomChange difference(const RoomFields& before, const RoomFields& after);

/// The nodes of the room's members and candidates, and the node that ends it if it lingers; empty
/// if there is no room.
std::set<std::uint32_t> nodes_of(const std::optional<signaling::Room>& room);

}  // namespace heliograph::cluster
