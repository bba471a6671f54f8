#pragma once

#include <deque>
#include <optional>

#include "base/clock.hpp"
#include "signaling/peer_id.hpp"

namespace heliograph::gateway {

/// Deadlines of peers that all wait equally long: they are added and come due in the same order.
class PeerDeadlines {
 public:
  struct Entry {
    base::TimePoint due;
    signaling::PeerId peer;
  };

  /// `due` is no earlier than in any entry that was added before.
  void add(base::TimePoint due, const signaling::PeerId& peer) { entries_.push_back({due, peer}); }
  /// Takes out the first entry that is due; nothing if none is.
  std::optional<Entry> take_due(base::TimePoint now) {
    if (entries_.empty() || entries_.front().due > now) return std::nullopt;
    const Entry entry = entries_.front();
    entries_.pop_front();
    return entry;
  }
  /// When the first entry is due; TimePoint::max() if there is none.
  base::TimePoint deadline() const {
    return entries_.empty() ? base::TimePoint::max() : entries_.front().due;
  }

 private:
  std::deque<Entry> entries_;
};

}  // namespace heliograph::gateway
