#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "signaling/limits.hpp"
#include "signaling/peer_id.hpp"
#include "signaling/room.hpp"
#include "signaling/worker_message.hpp"

namespace heliograph::cluster {

/// The times in one shared room that this node sees to: when the join requests of its candidates
/// end, when owners are asked about those that wait for it, and when a room that lingers ends.
class RoomTimes {
 public:
  /// The room is like this now; nothing if there is none. Returns when to call take_due(), in
  /// addition to the times that were returned before.
  std::vector<base::TimePoint> watch(const std::optional<signaling::Room>& room, std::uint32_t node,
                                     const signaling::Limits& limits, base::TimePoint now);
  /// Requests to the room of this name that are due, each once.
  std::vector<signaling::RoomRequest> take_due(const std::string& room, std::uint32_t node,
                                               base::TimePoint now);

 private:
  // Of a join request, or of one time that the room lingers.
  struct End {
    std::uint64_t number = 0;
    base::TimePoint when;
  };
  using Times = std::vector<base::TimePoint>;

  void watch_join_requests(Times& added, const signaling::Room& room, std::uint32_t node,
                           base::TimePoint end);
  void watch_linger(Times& added, const signaling::Room& room, std::uint32_t node,
                    base::TimePoint end);

  std::map<signaling::PeerId, End> join_requests_;  // by candidate
  std::optional<End> linger_;
  base::TimePoint next_showing_ = base::TimePoint::max();
};

}  // namespace heliograph::cluster
