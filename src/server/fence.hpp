#pragma once

#include <atomic>
#include <cstdint>

#include "base/clock.hpp"

namespace heliograph::server {

/// The time until which the workers of a node may serve. A node whose lease has run out may have
/// been taken for dead: then others have removed its peers from their rooms. Written by the node's
/// own thread, read by the workers, from any thread.
class Fence {
 public:
  /// From now on no other node takes this one for dead before that time: the end of its lease, or
  /// TimePoint::max() while it goes on without the store.
  void serve_until(base::TimePoint time) {
    serves_until_.store(time);
    if (time != base::TimePoint::max()) lease_end_.store(time);
  }
  /// Other nodes have removed all peers of the workers. Returns how often that has happened.
  std::uint32_t lose_peers() { return ++times_lost_; }

  /// Whether the lease that the store has given last still counts.
  bool has_lease(base::TimePoint now) const { return now <= lease_end_.load(); }

  /// Whether a worker may serve that was told `times_heard` times that its peers were removed.
  bool may_serve(base::TimePoint now, std::uint32_t times_heard) const {
    return times_heard == times_lost_.load() && now <= serves_until_.load();
  }

 private:
  std::atomic<base::TimePoint> serves_until_;
  std::atomic<base::TimePoint> lease_end_;
  std::atomic<std::uint32_t> times_lost_ = 0;
};

}  // namespace heliograph::server
