#pragma once

#include <cstdint>

#include "base/clock.hpp"

namespace heliograph::base {

/// The time of a loop turn, by three clocks.
struct Now {
  /// The time that the worker has served: it stands still while the process does not run or the
  /// worker does not read. For all that waits for a client, which cannot be heard in that time:
  /// heartbeats, timeouts of connections, answers to join requests, returns of absent peers.
  TimePoint steady;
  /// The time of day, for what is dated: tokens and credentials.
  std::int64_t unix_seconds = 0;
  /// Monotonic time, which goes on during stalls. For time that the outside world counts: the
  /// node's lease, and budgets, because what clients send while the server stalls arrives at once.
  TimePoint real{};
};

}  // namespace heliograph::base
