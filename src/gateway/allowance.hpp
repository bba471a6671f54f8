#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>

#include "base/clock.hpp"
#include "base/token_bucket.hpp"
#include "gateway/application.hpp"
#include "signaling/limits.hpp"

namespace heliograph::gateway {

/// The budgets of one connection: of all that it sends, judged before it is read, and of events
/// other than relays (which have signaling::RelayBudget). The answers are how long to wait; nothing
/// if what was asked for is admitted, and then it has been paid for.
class Allowance {
 public:
  Allowance(const signaling::Limits& limits, base::TimePoint now)
      : since_(now),
        messages_(limits.all_events.burst),
        bytes_(limits.all_bytes.burst),
        events_(limits.events.burst) {}

  /// A message of that many bytes.
  std::optional<std::chrono::milliseconds> take_message(const signaling::Limits& limits,
                                                        std::size_t bytes, base::TimePoint now) {
    fill(limits, now);
    if (!messages_.admits(limits.all_events) || !bytes_.admits(limits.all_bytes)) {
      return wait(limits);
    }
    messages_.take(1);
    bytes_.take(bytes);
    return std::nullopt;
  }
  /// A message that has come, of either kind. Binary ones belong to an event that was admitted.
  std::optional<std::chrono::milliseconds> judge(const signaling::Limits& limits,
                                                 const Message& message, base::TimePoint now) {
    if (!message.binary) return take_message(limits, message.data.size(), now);
    take_bytes(limits, message.data.size(), now);
    return std::nullopt;
  }
  /// Bytes that belong to a message that was admitted, or to none.
  void take_bytes(const signaling::Limits& limits, std::size_t bytes, base::TimePoint now) {
    fill(limits, now);
    bytes_.take(bytes);
  }
  /// Until a message is admitted again.
  std::chrono::milliseconds wait(const signaling::Limits& limits) const {
    return std::max(messages_.wait(limits.all_events), bytes_.wait(limits.all_bytes));
  }
  /// An event other than a relay, within a message that was admitted.
  std::optional<std::chrono::milliseconds> take_event(const signaling::Limits& limits,
                                                      base::TimePoint now) {
    fill(limits, now);
    if (!events_.admits(limits.events)) return events_.wait(limits.events);
    events_.take(1);
    return std::nullopt;
  }

 private:
  void fill(const signaling::Limits& limits, base::TimePoint now) {
    if (now == since_) return;
    const std::chrono::duration<float> elapsed = now - since_;
    since_ = now;
    messages_.fill(limits.all_events, elapsed);
    bytes_.fill(limits.all_bytes, elapsed);
    events_.fill(limits.events, elapsed);
  }

  base::TimePoint since_;
  base::TokenBucket messages_;
  base::TokenBucket bytes_;
  base::TokenBucket events_;
};

}  // namespace heliograph::gateway
