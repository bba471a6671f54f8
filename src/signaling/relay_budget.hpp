#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

#include "base/clock.hpp"
#include "base/token_bucket.hpp"
#include "signaling/peer_id.hpp"

namespace heliograph::signaling {

/// The bytes that one peer may have delivered: to each other peer, and to rooms. A target is
/// remembered while its bucket is not full.
class RelayBudget {
 public:
  /// How long the sender has to wait before it may relay to the target; nothing if it may now.
  std::optional<std::chrono::milliseconds> wait_for(const PeerId& target,
                                                    const base::BucketRate& rate,
                                                    base::TimePoint now);
  /// That many bytes go to the target; wait_for() was asked before.
  void take(const PeerId& target, const base::BucketRate& rate, std::size_t bytes,
            base::TimePoint now);

  /// The same for messages to rooms, which pay for each receiver.
  std::optional<std::chrono::milliseconds> wait_for_room(const base::BucketRate& rate,
                                                         base::TimePoint now);
  void take_for_room(const base::BucketRate& rate, std::size_t bytes, std::size_t receivers,
                     base::TimePoint now);

  std::size_t targets() const { return targets_.size(); }

 private:
  struct Target {
    PeerId peer;
    base::TimePoint since;
    base::TokenBucket bucket;
  };
  Target* find(const PeerId& peer, const base::BucketRate& rate, base::TimePoint now);
  void forget_full(const base::BucketRate& rate, base::TimePoint now);

  std::vector<Target> targets_;  // in the order of their ids
  base::TimePoint rooms_since_{};
  base::TokenBucket rooms_{0};
  bool has_rooms_ = false;
};

}  // namespace heliograph::signaling
