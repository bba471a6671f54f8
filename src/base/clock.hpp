#pragma once

#include <chrono>

namespace heliograph::base {

// Monotonic time. Pure code is handed `now` by its caller and never reads the clock itself.
using Clock = std::chrono::steady_clock;
using TimePoint = Clock::time_point;
using Duration = Clock::duration;

}  // namespace heliograph::base
