#include "reactor/serving_clock.hpp"

#include <algorithm>

namespace heliograph::reactor {

base::TimePoint ServingClock::at(base::TimePoint steady) const {
  return std::max(floor_, steady - stalled_);
}

base::Duration ServingClock::wait_until(base::TimePoint when, base::TimePoint steady) const {
  if (when == base::TimePoint::max()) return base::Duration::max();
  if (when <= at(steady)) return base::Duration::zero();
  return std::min<base::Duration>(when - (steady - stalled_), kLongestWait);
}

base::Duration ServingClock::on_step(base::TimePoint begin, base::Duration expected,
                                     base::TimePoint end) {
  if (expected == base::Duration::max() || end - begin <= expected + kStall) {
    return base::Duration::zero();
  }
  const base::TimePoint before = at(begin);
  const base::Duration stalled_before = stalled_;
  const bool stands_still = before - caught_up_ >= kCatchUp;
  if (stands_still) {
    caught_up_ = floor_ = before;
    stalled_ = end + kCatchUp - floor_;
  } else {
    floor_ = before + kStall;
    stalled_ = end - floor_;
  }
  return stalled_ - stalled_before;
}

}  // namespace heliograph::reactor
