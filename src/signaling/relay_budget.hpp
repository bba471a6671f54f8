#pragma once

#include <cstddef>
#include <vector>

#include "base/clock.hpp"
#include "base/token_bucket.hpp"
#include "signaling/peer_id.hpp"

namespace heliograph::signaling {

/// The bytes that one peer may have delivered: to each other peer, and to rooms. A target is
/// remembered while its bucket is not full.
class RelayBudget {
 public:
  /// The bucket that limits relays to this peer. The reference is valid until the next call.
  base::TokenBucket& bucket_for(const PeerId& target, const base::BucketRate& rate,
                                base::TimePoint now);
  /// The bucket that limits messages to rooms: bytes times receivers. The reference stays valid.
  base::TokenBucket& bucket_for_rooms(const base::BucketRate& rate, base::TimePoint now);

  std::size_t targets() const { return targets_.size(); }

 private:
  struct Target {
    PeerId peer;
    base::TimePoint since;
    base::TokenBucket bucket;
  };
  void forget_full(const base::BucketRate& rate, base::TimePoint now);

  std::vector<Target> targets_;  // in the order of their ids
  base::TimePoint rooms_since_{};
  base::TokenBucket rooms_{0};
  bool has_rooms_ = false;
};

}  // namespace heliograph::signaling
