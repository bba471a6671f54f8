#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "signaling/peer_id.hpp"

namespace heliograph::signaling {

/// When the join requests of a home's rooms end unanswered. All have the same time, so the first to
/// begin is the first to end.
class JoinTimeouts {
 public:
  struct Timeout {
    std::uint64_t serial = 0;  // of the request
    std::string room;
    PeerId candidate;
  };

  explicit JoinTimeouts(base::Duration timeout) : timeout_(timeout) {}

  /// The serial is higher than those that began before.
  void begin(const Timeout& timeout, base::TimePoint now);
  /// The request is gone.
  void end(std::uint64_t serial) { timeouts_.erase(serial); }
  /// Takes out the first whose time is over; nothing if there is none.
  std::optional<Timeout> take_overdue(base::TimePoint now);
  /// When there will be one; TimePoint::max() for never.
  base::TimePoint deadline() const;

 private:
  struct Item {
    base::TimePoint when;
    std::string room;
    PeerId candidate;
  };

  base::Duration timeout_;
  std::map<std::uint64_t, Item> timeouts_;  // by serial
};

}  // namespace heliograph::signaling
