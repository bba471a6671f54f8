#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>

#include "base/clock.hpp"

namespace heliograph::base {

/// The content of a full bucket, and the amount that flows into it each second. A rate of 0 means
/// no limit.
struct BucketRate {
  std::uint32_t per_second = 0;
  std::uint32_t burst = 0;
};

/// The level of a token bucket, of any unit. It admits something of any size unless it is empty or
/// in debt, and may go into debt for it. The owner records when it was last filled: several buckets
/// share one time.
class TokenBucket {
 public:
  explicit TokenBucket(std::uint32_t burst) : level_(static_cast<float>(burst)) {}

  void fill(const BucketRate& rate, std::chrono::duration<float> elapsed) {
    level_ = std::min(level_ + elapsed.count() * static_cast<float>(rate.per_second),
                      static_cast<float>(std::max(rate.burst, 1U)));
  }
  bool admits(const BucketRate& rate) const { return rate.per_second == 0 || level_ > 0; }
  void take(std::size_t amount) { level_ -= static_cast<float>(amount); }
  bool is_full(const BucketRate& rate) const {
    return rate.per_second == 0 || level_ >= static_cast<float>(rate.burst);
  }
  std::chrono::duration<float> until_full(const BucketRate& rate) const {
    if (is_full(rate)) return {};
    return std::chrono::duration<float>((static_cast<float>(rate.burst) - level_) /
                                        static_cast<float>(rate.per_second));
  }
  /// Until it admits something again.
  std::chrono::milliseconds wait(const BucketRate& rate) const {
    if (admits(rate)) return {};
    const float seconds = -level_ / static_cast<float>(rate.per_second);
    return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000) + 1);
  }

 private:
  float level_;
};

/// A token bucket with a time of its own.
class TimedBucket {
 public:
  TimedBucket() = default;
  /// Full.
  TimedBucket(const BucketRate& rate, TimePoint now) : level_(rate.burst), filled_at_(now) {}

  /// Fills it. Until it admits something; zero if it does.
  std::chrono::milliseconds wait(const BucketRate& rate, TimePoint now) {
    level_.fill(rate, now - filled_at_);
    filled_at_ = now;
    return level_.wait(rate);
  }
  void take(std::size_t amount) { level_.take(amount); }
  /// When it is full again if nothing more is taken.
  TimePoint full_at(const BucketRate& rate) const {
    return filled_at_ + std::chrono::ceil<Duration>(level_.until_full(rate));
  }
  /// Whether it is full by now.
  bool is_full(const BucketRate& rate, TimePoint now) const { return full_at(rate) <= now; }

 private:
  TokenBucket level_{0};
  TimePoint filled_at_{};
};

}  // namespace heliograph::base
