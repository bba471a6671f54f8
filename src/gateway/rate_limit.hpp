#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "base/clock.hpp"

namespace heliograph::gateway {

/// A token bucket: `burst` events at once, `per_second` in the long run; 0 a second is no limit.
class RateLimit {
 public:
  RateLimit(std::uint32_t burst, base::TimePoint now)
      : left_(static_cast<float>(burst)), since_(now) {}

  bool take(std::uint32_t per_second, std::uint32_t burst, base::TimePoint now) {
    if (per_second == 0) return true;
    const std::chrono::duration<float> elapsed = now - since_;
    since_ = now;
    left_ = std::min(left_ + elapsed.count() * static_cast<float>(per_second),
                     static_cast<float>(std::max(burst, 1U)));
    if (left_ < 1) return false;
    left_ -= 1;
    return true;
  }

 private:
  float left_;
  base::TimePoint since_;
};

}  // namespace heliograph::gateway
