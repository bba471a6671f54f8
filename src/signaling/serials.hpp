#pragma once

#include <algorithm>
#include <cstdint>

namespace heliograph::signaling {

/// Numbers the join requests of a home's rooms, and the times that rooms wait for a peer, in one
/// ascending sequence.
class Serials {
 public:
  std::uint64_t next() { return next_++; }
  /// A room that was kept elsewhere has this one.
  void note_used(std::uint64_t serial) { next_ = std::max(next_, serial + 1); }

 private:
  std::uint64_t next_ = 1;
};

}  // namespace heliograph::signaling
