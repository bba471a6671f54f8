#include "signaling/relay_budget.hpp"

#include <algorithm>
#include <utility>

namespace heliograph::signaling {

base::TokenBucket& RelayBudget::bucket_for(const PeerId& target, const base::BucketRate& rate,
                                           base::TimePoint now) {
  auto found = std::ranges::lower_bound(targets_, target, {}, &Target::peer);
  if (found == targets_.end() || found->peer != target) {
    if (targets_.size() == targets_.capacity()) {
      forget_full(rate, now);
      found = std::ranges::lower_bound(targets_, target, {}, &Target::peer);
    }
    return targets_.insert(found, {target, now, base::TokenBucket(rate.burst)})->bucket;
  }
  found->bucket.fill(rate, now - found->since);
  found->since = now;
  return found->bucket;
}

// Before the memory would grow.
void RelayBudget::forget_full(const base::BucketRate& rate, base::TimePoint now) {
  std::erase_if(targets_, [&](Target& target) {
    target.bucket.fill(rate, now - target.since);
    target.since = now;
    return target.bucket.is_full(rate);
  });
}

base::TokenBucket& RelayBudget::bucket_for_rooms(const base::BucketRate& rate,
                                                 base::TimePoint now) {
  if (!std::exchange(has_rooms_, true)) {
    rooms_ = base::TokenBucket(rate.burst);
  } else {
    rooms_.fill(rate, now - rooms_since_);
  }
  rooms_since_ = now;
  return rooms_;
}

}  // namespace heliograph::signaling
