#include "signaling/lingering_rooms.hpp"

#include <utility>

namespace heliograph::signaling {
namespace {

// About what a room takes beside its name.
constexpr std::size_t kRoomBytes = 512;

}  // namespace

void LingeringRooms::add(const std::string& room, std::uint64_t number, base::TimePoint now) {
  ends_.push_back({now + linger_, room, number});
  bytes_ += kRoomBytes + room.size();
}

std::optional<LingeringRooms::End> LingeringRooms::take_due(base::TimePoint now) {
  return deadline() <= now ? take_oldest() : std::nullopt;
}

std::optional<LingeringRooms::End> LingeringRooms::take_oldest() {
  if (ends_.empty()) return std::nullopt;
  End end = std::move(ends_.front());
  ends_.pop_front();
  bytes_ -= kRoomBytes + end.room.size();
  return end;
}

base::TimePoint LingeringRooms::deadline() const {
  if (ends_.empty()) return base::TimePoint::max();
  return ends_.size() > kMost ? base::TimePoint::min() : ends_.front().when;
}

}  // namespace heliograph::signaling
