#pragma once

#include <chrono>
#include <cstdint>

namespace heliograph::gateway {

/// Which of a peer's session tokens from before its last return still count. All times are in
/// seconds since the Unix epoch. A token does not say when it was issued, so one that ends earlier
/// is taken for an earlier one.
class OldTokens {
 public:
  /// How long those from before a return count, for what the client had buffered.
  static constexpr std::chrono::seconds kGrace{60};

  /// The peer has returned and been issued a token that ends at `end`.
  void replace(std::int64_t end, std::int64_t now) {
    if (now >= counts_until_) least_end_ = returned_end_;
    returned_end_ = end;
    counts_until_ = now + kGrace.count();
  }
  /// Whether a token that ends at `end` counts no more because of a return.
  bool is_replaced(std::int64_t end, std::int64_t now) const {
    return end < least_end_ || (end < returned_end_ && now >= counts_until_);
  }

 private:
  std::int64_t least_end_ = 0;     // what ends earlier counted no more at the last return
  std::int64_t returned_end_ = 0;  // of the token that the last return brought
  std::int64_t counts_until_ = 0;  // what ends earlier than that one
};

}  // namespace heliograph::gateway
