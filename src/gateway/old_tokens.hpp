#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace heliograph::gateway {

/// Which of a peer's session tokens from before its returns still count. All times are in seconds
/// since the Unix epoch. A token does not say when it was issued, so one that ends earlier is taken
/// for an earlier one.
class OldTokens {
 public:
  /// How long those from before a return count, for what the client had buffered.
  static constexpr std::chrono::seconds kGrace{60};

  /// The peer has returned and been issued a token that ends at `end`.
  void replace(std::int64_t end, std::int64_t now) {
    const auto is_over = [&](const Return& earlier) { return now >= earlier.counts_until; };
    while (!returns_.empty() && (is_over(returns_.front()) || returns_.size() == kMostReturns)) {
      least_end_ = std::max(least_end_, returns_.front().end);
      returns_.erase(returns_.begin());
    }
    returns_.push_back({.end = end, .counts_until = now + kGrace.count()});
  }
  /// Whether a token that ends at `end` counts no more because of a return.
  bool is_replaced(std::int64_t end, std::int64_t now) const {
    return end < least_end_ || std::ranges::any_of(
                                   returns_,
                                   [&](const Return& earlier) {
                                     return end < earlier.end && now >= earlier.counts_until;
                                   });
  }

 private:
  // If a client returns more often within the time, its oldest tokens end sooner.
  static constexpr std::size_t kMostReturns = 8;

  struct Return {
    std::int64_t end;           // of the token that it brought
    std::int64_t counts_until;  // what ends earlier than that one
  };
  std::int64_t least_end_ = 0;   // what ends earlier counts no more
  std::vector<Return> returns_;  // the last one last
};

}  // namespace heliograph::gateway
