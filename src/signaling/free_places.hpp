#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <utility>

#include "base/clock.hpp"
#include "signaling/room.hpp"

namespace heliograph::signaling {

/// Counts the free places of a home's rooms and forgets some: those whose tickets have expired, and
/// if there are too many, those of the rooms that have most. So one room cannot use up the
/// places of all. The rooms must not move while they are noted.
class FreePlaces {
 public:
  /// Of all rooms together. It bounds what clients leave behind.
  static constexpr std::size_t kMost = 65'536;

  /// Call it after each change of the room.
  void note(Room& room);
  /// Call it before the room goes.
  void leave_out(Room& room);

  /// Forgets the places whose tickets have expired.
  void expire(base::TimePoint now);
  /// When expire() has something to do; TimePoint::max() for never.
  base::TimePoint deadline() const;

  bool is_empty() const { return noted_.empty(); }
  /// Forgets the oldest place of a room that has most. There must be one.
  void forget_one() { forget_oldest(*by_count_.rbegin()->second); }
  /// About what they take.
  std::size_t held_bytes() const;

 private:
  // The free places of a room.
  struct Noted {
    base::TimePoint oldest{};  // when that expires
    std::size_t count = 0;
  };
  void forget_oldest(Room& room);

  std::map<Room*, Noted> noted_;  // rooms that have free places
  std::set<std::pair<base::TimePoint, Room*>> by_oldest_;
  std::set<std::pair<std::size_t, Room*>> by_count_;
  std::size_t count_ = 0;
};

}  // namespace heliograph::signaling
