#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "base/clock.hpp"
#include "signaling/candidates.hpp"
#include "signaling/limits.hpp"
#include "signaling/lingering_rooms.hpp"
#include "signaling/room.hpp"
#include "signaling/serials.hpp"
#include "signaling/task.hpp"

namespace heliograph::signaling {

/// The rules for peers that leave a home's rooms, and for a room that has become empty: it waits
/// for a peer with a ticket (LingeringRooms), or it ends.
class Departures {
 public:
  /// The references must outlive it.
  Departures(const Limits& limits, Candidates& candidates, LingeringRooms& lingering,
             Serials& serials)
      : ticket_lifetime_(limits.ticket_lifetime),
        candidates_(candidates),
        lingering_(lingering),
        serials_(serials) {}

  /// The sender goes. `room`: as it is; null if there is none.
  void leave(Task& task, Room* room, const room_action::Leave& action);

  /// Whether the places of those who go are free for their tickets.
  enum class Places : std::uint8_t { kForget, kKeep };
  /// Takes members out; those who stay are told of each, and then of a new owner.
  void take_out(Task& task, Room& room, std::span<const PeerId> peers, Places places);
  /// Takes members and candidates out. None of them is told of the others.
  void take_out_gone(Task& task, Room& room, const std::function<bool(const PeerId&)>& has_gone,
                     Places places);
  /// The room ends: see Task::ends_room.
  void close(Task& task, const Room& room);

 private:
  void wait_for_return(Task& task, Room& room);

  base::Duration ticket_lifetime_;
  Candidates& candidates_;
  LingeringRooms& lingering_;
  Serials& serials_;
};

}  // namespace heliograph::signaling
