#pragma once

#include <algorithm>
#include <chrono>
#include <set>

#include "base/clock.hpp"
#include "signaling/peer_id.hpp"

namespace heliograph::gateway {

/// The peers of a worker whose clients are behind and have yet to be told of strangers at their
/// doors: see Knocks. They are looked at every 100 ms.
class KnockWatch {
 public:
  void add(const signaling::PeerId& peer, base::TimePoint now) {
    peers_.insert(peer);
    next_look_ = std::min(next_look_, now + kPause);
  }
  /// If a look is due, calls `is_done(peer)` for each peer and forgets those for which it is true.
  /// It may add peers.
  template <class IsDone>
  void elapse(base::TimePoint now, const IsDone& is_done) {
    if (now < next_look_) return;
    std::erase_if(peers_, is_done);
    next_look_ = peers_.empty() ? base::TimePoint::max() : now + kPause;
  }
  /// When the next look is due; TimePoint::max() if there are no peers.
  base::TimePoint deadline() const { return next_look_; }

 private:
  static constexpr std::chrono::milliseconds kPause{100};

  std::set<signaling::PeerId> peers_;
  base::TimePoint next_look_ = base::TimePoint::max();
};

}  // namespace heliograph::gateway
