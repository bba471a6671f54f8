#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "signaling/room.hpp"

namespace heliograph::cluster {

/// A room as it is stored, a hash: `o` the members' ids in the order of joining with who owns, `s`
/// settings and bans, `m:ID` a member's peerinfo, `r:ID` a join request; and of the store's own,
/// `v` the version, `r` the one that was restored, and `t:NODE` which commit was the last of that
/// node.
using RoomFields = std::map<std::string, std::string, std::less<>>;

RoomFields fields_of(const signaling::Room& room);
/// Nothing where the fields are not those of a room, which `v` and `t:NODE` may stand among.
std::optional<signaling::Room> room_of(const RoomFields& fields);

/// What turns one hash into another.
struct RoomChange {
  std::vector<std::pair<std::string, std::string>> set;
  std::vector<std::string> erased;
};
RoomChange difference(const RoomFields& before, const RoomFields& after);

/// Where members and candidates of the room live; nowhere, where there is none.
std::set<std::uint32_t> nodes_of(const std::optional<signaling::Room>& room);

}  // namespace heliograph::cluster
