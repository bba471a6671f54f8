#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "base/clock.hpp"
#include "signaling/refusal.hpp"

namespace heliograph::gateway {

/// Holds back the request-errors of a client that is told of rate limits: one a second, with the
/// number of refusals that it stands for.
class RequestErrors {
 public:
  /// The event to send for this refusal now; empty if it is counted for later.
  std::string of(const signaling::Refusal& refusal, signaling::RefusedEvent refused,
                 base::TimePoint now) {
    if (refusal.error != signaling::Error::kRateLimited) return request_error(refusal, refused);
    ++untold_;
    if (now < next_) return {};
    next_ = now + kPause;
    refused.count = std::exchange(untold_, 0);
    return request_error(refusal, refused);
  }
  /// The event for refusals that were counted and not told, once the second is over; empty if there
  /// are none.
  std::string rest(base::TimePoint now) {
    if (untold_ == 0 || now < next_) return {};
    next_ = now + kPause;
    const std::uint64_t count = std::exchange(untold_, 0);
    return signaling::request_error({.error = signaling::Error::kRateLimited},
                                    {.event = {}, .count = count});
  }

 private:
  static constexpr std::chrono::seconds kPause{1};
  base::TimePoint next_{};
  std::uint64_t untold_ = 0;
};

}  // namespace heliograph::gateway
