#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace heliograph::gateway {

/// Which of a peer's session tokens from before its returns still count. A token says how often its
/// peer had returned when it was issued: auth::SessionClaims::returns. All times are in seconds
/// since the Unix epoch.
class OldTokens {
 public:
  /// How long those from before a return count, for what the client had buffered.
  static constexpr std::chrono::seconds kGrace{60};

  std::uint32_t returns() const { return returns_; }
  /// The peer has returned.
  void note_return(std::int64_t now) {
    ++returns_;
    std::erase_if(count_until_, [&](std::int64_t end) { return end <= now; });
    if (count_until_.size() == kMostReturns) count_until_.erase(count_until_.begin());
    count_until_.push_back(now + kGrace.count());
  }
  /// Whether a token from before that many returns is no longer valid.
  bool is_replaced(std::uint32_t returns, std::int64_t now) const {
    if (returns >= returns_) return false;
    const std::size_t since = returns_ - returns;
    return since > count_until_.size() || now >= count_until_[count_until_.size() - since];
  }

 private:
  // If a client returns more often within the time, its oldest tokens end sooner.
  static constexpr std::size_t kMostReturns = 8;

  std::uint32_t returns_ = 0;
  // Until when a token counts that was issued before one of the last returns, the last one last.
  std::vector<std::int64_t> count_until_;
};

}  // namespace heliograph::gateway
