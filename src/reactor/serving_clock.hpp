#pragma once

#include "base/clock.hpp"

namespace heliograph::reactor {

/// The time that a worker has served: steady time, less the stalls in which its process did not run
/// or it did not read what came. Deadlines of clients are judged by it, so that nobody is cut off
/// for a silence of the server. Never goes back.
///
/// After a stall it stands still for kCatchUp, in which the worker reads what has arrived, also
/// over connections that it has yet to accept and those of other workers. If one stall follows
/// another, as under overload, it still goes on: each then counts as kStall.
///
/// Pure: it is told the time.
class ServingClock {
 public:
  /// A step of the loop that takes longer than it should have by more than this is a stall.
  static constexpr std::chrono::milliseconds kStall{500};
  static constexpr std::chrono::milliseconds kCatchUp{1'000};
  /// The most that the loop should wait at a time: a stall that is over within a wait goes
  /// unnoticed.
  static constexpr std::chrono::milliseconds kLongestWait{1'000};

  /// Both clocks agree at first.
  explicit ServingClock(base::TimePoint steady) : floor_(steady), caught_up_(steady - kCatchUp) {}

  base::TimePoint at(base::TimePoint steady) const;
  /// How long to wait from `steady` on for this clock to show `when`; at most kLongestWait, unless
  /// there is nothing to wait for (TimePoint::max(), Duration::max()).
  base::Duration wait_until(base::TimePoint when, base::TimePoint steady) const;

  /// A step of the loop, a wait or the work between two, has taken from `begin` to `end`, where
  /// `expected` was the most that it should. Returns how far this clock falls behind because of it,
  /// including the catching up; zero if it was not a stall.
  base::Duration on_step(base::TimePoint begin, base::Duration expected, base::TimePoint end);

 private:
  base::TimePoint floor_;      // it shows this at least
  base::Duration stalled_{0};  // it is so much behind steady time
  base::TimePoint caught_up_;  // what it showed when it last stood still
};

}  // namespace heliograph::reactor
