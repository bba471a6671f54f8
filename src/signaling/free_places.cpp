#include "signaling/free_places.hpp"

namespace heliograph::signaling {

void FreePlaces::note(Room& room) {
  leave_out(room);
  if (room.free_place_count() == 0) return;
  const Noted noted{room.oldest_place_until(), room.free_place_count()};
  noted_.emplace(&room, noted);
  by_oldest_.emplace(noted.oldest, &room);
  by_count_.emplace(noted.count, &room);
  count_ += noted.count;
  while (count_ > kMost) forget_one();
}

void FreePlaces::leave_out(Room& room) {
  const auto noted = noted_.find(&room);
  if (noted == noted_.end()) return;
  by_oldest_.erase({noted->second.oldest, &room});
  by_count_.erase({noted->second.count, &room});
  count_ -= noted->second.count;
  noted_.erase(noted);
}

void FreePlaces::expire(base::TimePoint now) {
  while (!by_oldest_.empty() && by_oldest_.begin()->first <= now) {
    forget_oldest(*by_oldest_.begin()->second);
  }
}

base::TimePoint FreePlaces::deadline() const {
  return by_oldest_.empty() ? base::TimePoint::max() : by_oldest_.begin()->first;
}

void FreePlaces::forget_oldest(Room& room) {
  room.forget_oldest_place();
  note(room);
}

std::size_t FreePlaces::held_bytes() const {
  constexpr std::size_t kPlaceBytes = 96;
  constexpr std::size_t kRoomBytes = 256;
  return count_ * kPlaceBytes + noted_.size() * kRoomBytes;
}

}  // namespace heliograph::signaling
