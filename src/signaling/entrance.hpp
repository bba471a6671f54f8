#pragma once

#include "signaling/candidates.hpp"
#include "signaling/room.hpp"
#include "signaling/task.hpp"

namespace heliograph::signaling {

/// The rules for a Join: whether the sender comes in at once, with a ticket or because the room's
/// settings let it, or is refused, or becomes a candidate.
class Entrance {
 public:
  /// `candidates` must outlive it.
  explicit Entrance(Candidates& candidates) : candidates_(candidates) {}

  /// `room`: as it is; null if there is none.
  void join(Task& task, Room* room, room_action::Join& action);

 private:
  bool return_by_ticket(Task& task, Room& room, room_action::Join& action);
  void let_in(Task& task, Room& room, room_action::Join& action);

  Candidates& candidates_;
};

}  // namespace heliograph::signaling
