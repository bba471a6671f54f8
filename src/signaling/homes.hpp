#pragma once

#include <cstdint>
#include <string_view>

#include "signaling/peer_id.hpp"

namespace heliograph::signaling {

/// The homes of peers and rooms, as the worker `self` knows them.
struct Homes {
  Address self;
  std::uint16_t workers = 1;  // of this node
  bool is_clustered = false;  // rooms have members on other nodes as well

  /// The home of the room of this name, whether there is one or not.
  Address of_room(std::string_view room) const;
  /// Whether peers can live there. Other nodes know themselves how many workers they have.
  bool may_have_peers_at(const Address& address) const;
};

}  // namespace heliograph::signaling
