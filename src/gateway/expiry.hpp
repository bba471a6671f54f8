#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

#include "auth/tokens.hpp"

namespace heliograph::gateway {

/// When a token expires, in seconds since the Unix epoch. It takes four bytes, which last until
/// 2106: a later time counts as auth::kNever.
class Expiry {
 public:
  Expiry(std::int64_t unix_seconds)
      : seconds_(static_cast<std::uint32_t>(
            std::clamp(unix_seconds, std::int64_t{0}, std::int64_t{kLater}))) {}
  operator std::int64_t() const { return seconds_ == kLater ? auth::kNever : seconds_; }

 private:
  static constexpr std::uint32_t kLater = std::numeric_limits<std::uint32_t>::max();
  std::uint32_t seconds_;
};

}  // namespace heliograph::gateway
