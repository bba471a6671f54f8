#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "base/clock.hpp"
#include "signaling/join_timeouts.hpp"
#include "signaling/limits.hpp"
#include "signaling/room.hpp"
#include "signaling/serials.hpp"
#include "signaling/showings.hpp"
#include "signaling/task.hpp"

namespace heliograph::signaling {

/// The rules about candidates, which wait until an owner lets them into one of a home's rooms: when
/// owners are shown them, and how their requests end. The Task is about the room.
class Candidates {
 public:
  /// `serials` must outlive it.
  Candidates(const Limits& limits, Serials& serials)
      : max_pending_requests_(limits.max_pending_requests),
        serials_(serials),
        timeouts_(limits.join_request_timeout) {}

  /// The sender asks to join, and is not a member yet. If it has asked before, the owners are asked
  /// again, every 2 s at most; the time that its request may stay unanswered goes on.
  void ask(Task& task, Room& room, room_action::Join& action);
  /// An owner answers.
  void answer(Task& task, Room& room, const room_action::AnswerJoin& action);
  /// An owner rejects the candidate, and the sender's payload goes along.
  void turn_away(Task& task, Room& room, const PeerId& candidate, Error why);
  /// The sender withdraws its request.
  void withdraw(Task& task, Room& room);
  /// The sender's request of this serial, if it is there still, was not answered in time.
  void time_out(Task& task, Room& room, std::uint64_t serial);
  /// The room is open now: lets them in, as far as there is room.
  void admit_all(Task& task, Room& room);
  /// The room ends: all are rejected.
  void reject_all(Task& task, const Room& room);
  /// Those that have gone are not told so; these owners are.
  void drop_gone(Task& task, Room& room, const std::function<bool(const PeerId&)>& has_gone,
                 const std::vector<PeerId>& owners);

  /// Shows owners those of this node that they have not been shown yet: a few, the rest later.
  void show(Task& task, Room& room, std::uint32_t node);
  /// The room has a new owner, which has been shown none of them.
  void show_to_new_owners(Task& task, Room& room);

  /// The room is kept elsewhere from now on.
  void forget_timeouts(const Room& room);
  /// A request to time a candidate out, if one is due; nothing if none is.
  std::optional<RoomRequest> take_timeout(base::TimePoint now);
  /// The same to show candidates.
  std::optional<RoomRequest> take_showing(base::TimePoint now);
  /// When there will be one; TimePoint::max() for never.
  base::TimePoint deadline() const { return std::min(timeouts_.deadline(), showings_.deadline()); }

 private:
  void accept(Task& task, Room& room, const PeerId& candidate, Raw payload,
              const SharedAttachments& attachments);
  void make_room_for_one(Task& task, Room& room);
  void show_later(const Task& task, const Room& room, std::uint32_t node);
  void drop(Room& room, const PeerId& candidate);

  std::size_t max_pending_requests_;  // of one room
  Serials& serials_;
  JoinTimeouts timeouts_;
  Showings showings_;
};

}  // namespace heliograph::signaling
