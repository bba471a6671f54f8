#include "signaling/relay_budget.hpp"

#include <algorithm>

namespace heliograph::signaling {
namespace {

template <class Target>
void fill(Target& target, const base::BucketRate& rate, base::TimePoint now) {
  target.bucket.fill(rate, now - target.since);
  target.since = now;
}

std::optional<std::chrono::milliseconds> wait_of(const base::TokenBucket& bucket,
                                                 const base::BucketRate& rate) {
  if (bucket.admits(rate)) return std::nullopt;
  return bucket.wait(rate);
}

}  // namespace

RelayBudget::Target* RelayBudget::find(const PeerId& peer, const base::BucketRate& rate,
                                       base::TimePoint now) {
  const auto found = std::ranges::lower_bound(targets_, peer, {}, &Target::peer);
  if (found == targets_.end() || found->peer != peer) return nullptr;
  fill(*found, rate, now);
  return &*found;
}

std::optional<std::chrono::milliseconds> RelayBudget::wait_for(const PeerId& target,
                                                               const base::BucketRate& rate,
                                                               base::TimePoint now) {
  if (rate.per_second == 0) return std::nullopt;
  const Target* const known = find(target, rate, now);
  return known ? wait_of(known->bucket, rate) : std::nullopt;
}

void RelayBudget::take(const PeerId& target, const base::BucketRate& rate, std::size_t bytes,
                       base::TimePoint now) {
  if (rate.per_second == 0) return;
  auto found = std::ranges::lower_bound(targets_, target, {}, &Target::peer);
  if (found == targets_.end() || found->peer != target) {
    if (targets_.size() == targets_.capacity()) {
      forget_full(rate, now);
      found = std::ranges::lower_bound(targets_, target, {}, &Target::peer);
    }
    found = targets_.insert(found, Target{target, now, base::TokenBucket(rate.burst)});
  }
  found->bucket.take(bytes);
}

// Before the memory would grow.
void RelayBudget::forget_full(const base::BucketRate& rate, base::TimePoint now) {
  std::erase_if(targets_, [&](Target& target) {
    fill(target, rate, now);
    return target.bucket.is_full(rate);
  });
}

std::optional<std::chrono::milliseconds> RelayBudget::wait_for_room(const base::BucketRate& rate,
                                                                    base::TimePoint now) {
  if (rate.per_second == 0 || !has_rooms_) return std::nullopt;
  rooms_.fill(rate, now - rooms_since_);
  rooms_since_ = now;
  return wait_of(rooms_, rate);
}

void RelayBudget::take_for_room(const base::BucketRate& rate, std::size_t bytes,
                                std::size_t receivers, base::TimePoint now) {
  if (rate.per_second == 0) return;
  if (!has_rooms_) {
    has_rooms_ = true;
    rooms_ = base::TokenBucket(rate.burst);
    rooms_since_ = now;
  }
  rooms_.take(bytes * receivers);
}

}  // namespace heliograph::signaling
