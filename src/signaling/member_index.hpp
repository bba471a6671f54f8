#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "signaling/peer_id.hpp"

namespace heliograph::signaling {

/// Finds those of a worker's peers that are in a room. The peers know their rooms themselves, so it
/// is kept only if peers have to be found by the name of a room.
class MemberIndex {
 public:
  void add(std::string_view room, const PeerId& peer);
  void remove(std::string_view room, const PeerId& peer);
  /// Valid until the next change.
  const std::set<PeerId>& of(std::string_view room) const;

 private:
  std::map<std::string, std::set<PeerId>, std::less<>> rooms_;  // that have members here
  std::set<PeerId> nobody_;
};

}  // namespace heliograph::signaling
