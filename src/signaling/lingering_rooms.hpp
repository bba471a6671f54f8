#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "base/clock.hpp"

namespace heliograph::signaling {

/// The times at which empty rooms of a home end that wait for a peer with a ticket. All wait
/// equally long; if there are too many, the oldest end sooner. It does not know whether a peer has
/// come back to one: see Lingering::number.
class LingeringRooms {
 public:
  /// It bounds what clients leave behind.
  static constexpr std::size_t kMost = 16'384;

  struct End {
    base::TimePoint when;
    std::string room;
    std::uint64_t number = 0;  // see Lingering
  };

  /// Zero: no room waits.
  explicit LingeringRooms(base::Duration linger) : linger_(linger) {}

  bool are_kept() const { return linger_ != base::Duration::zero(); }
  void add(const std::string& room, std::uint64_t number, base::TimePoint now);
  /// Takes out the oldest that is due; nothing if there is none.
  std::optional<End> take_due(base::TimePoint now);
  /// The oldest; nothing if there is none.
  std::optional<End> take_oldest();
  /// When there will be one that is due; TimePoint::max() for never.
  base::TimePoint deadline() const;

  bool is_empty() const { return ends_.empty(); }
  /// About what they take.
  std::size_t held_bytes() const { return bytes_; }

 private:
  base::Duration linger_;
  std::deque<End> ends_;  // in the order of their times
  std::size_t bytes_ = 0;
};

}  // namespace heliograph::signaling
