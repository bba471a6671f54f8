#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "signaling/free_places.hpp"
#include "signaling/join_timeouts.hpp"
#include "signaling/limits.hpp"
#include "signaling/lingering_rooms.hpp"
#include "signaling/room.hpp"
#include "signaling/showings.hpp"
#include "signaling/task.hpp"
#include "signaling/worker_message.hpp"

namespace heliograph::signaling {

/// The rooms whose home is this worker: one place decides who owns, who enters and who is told, so
/// that no two creators race. RoomUpdates name peers of any worker; the caller splits them.
class RoomDirectory {
 public:
  explicit RoomDirectory(const Limits& limits)
      : max_pending_requests_(limits.max_pending_requests),
        ticket_lifetime_(limits.ticket_lifetime),
        timeouts_(limits.join_request_timeout),
        lingering_(limits.room_linger) {}

  /// What follows comes in the order in which it must be posted.
  std::vector<RoomEffect> handle(RoomRequest request, base::TimePoint now);

  /// Rejects the candidates whose time is over, closes the rooms to which nobody has come back, and
  /// forgets the places whose tickets have expired.
  std::vector<RoomEffect> expire(base::TimePoint now);
  /// When expire() has something to do next; base::TimePoint::max() for never.
  base::TimePoint deadline() const;

  /// Tells the owners that so many wrong passwords were tried since they were last told.
  std::vector<RoomEffect> report_guesses(const std::string& room, std::uint32_t failures,
                                         base::TimePoint now);

  std::size_t size() const { return rooms_.size(); }
  Room* find(std::string_view name);

  /// About what is held of places that are free and rooms that are empty, in bytes.
  std::size_t held_bytes() const { return free_places_.held_bytes() + lingering_.held_bytes(); }
  /// Forgets free places, and then closes rooms that are empty, the oldest first, until no more
  /// bytes are held than that.
  std::vector<RoomEffect> hold_less(std::size_t bytes, base::TimePoint now);

  /// Puts a room there that was kept elsewhere. Whoever keeps it sees to its times.
  void put(const std::string& name, Room room);
  /// Takes the room out; nothing where there is none of this name.
  std::optional<Room> take(const std::string& name);

 private:
  void handle(Task& task, room_action::Create& action);
  void handle(Task& task, room_action::Join& action);
  void handle(Task& task, const room_action::Leave& action);
  void leave(Task& task, const room_action::Leave& action);
  void handle(Task& task, const room_action::AnswerJoin& action);
  void handle(Task& task, const room_action::Kick& action);
  void handle(Task& task, const room_action::Mute& action);
  void handle(Task& task, room_action::Update& action);
  void handle(Task& task, const room_action::Describe& action);
  void handle(Task& task, room_action::Broadcast& action);
  void handle(Task& task, const room_action::ChangePeerinfo& action);
  void handle(Task& task, const room_action::TimeOut& action);
  void handle(Task& task, const room_action::ShowRequests& action);
  void handle(Task& task, const room_action::ReportGuesses& action);
  void handle(Task& task, const room_action::EndLinger& action);
  void handle(Task& task, const room_action::NodeGone& action);
  void handle(Task& task, const room_action::PeersGone& action);

  bool return_by_ticket(Task& task, Room& room, room_action::Join& action);
  void let_in(Task& task, Room& room, room_action::Join& action);
  static void come_in(Task& task, Room& room, const SharedTickets& tickets);
  void ask_owners(Task& task, Room& room, room_action::Join& action);
  void make_room_at_door(Task& task, Room& room);
  void show_waiting(Task& task, Room& room, std::uint32_t node);
  void show_later(const std::string& name, const Room& room, std::uint32_t node,
                  base::TimePoint now);
  void ask_new_owners(Task& task, Room& room);
  void accept(Task& task, Room& room, const PeerId& candidate, Raw payload,
              const SharedAttachments& attachments);
  void open_door(Task& task, Room& room);
  void turn_away(Task& task, Room& room, const PeerId& candidate, Error why);
  void withdraw(Task& task, Room& room);
  enum class Places : bool { kForget, kKeep };
  void take_out(Task& task, Room& room, std::span<const PeerId> peers, Places places);
  void take_out_all(Task& task, const std::function<bool(const PeerId&)>& has_gone, Places places);
  void wait_for_return(Task& task, Room& room);
  void close_room(Task& task, const Room& room);
  void drop_request(Room& room, const PeerId& candidate);
  static void tell_keeper(Task& task, const Room& room);

  // The room if the sender owns it; else the request has been refused.
  Room* find_owned(Task& task);

  std::size_t max_pending_requests_;
  base::Duration ticket_lifetime_;
  // A tree: no choice of room names makes it slow, as hash collisions would.
  std::map<std::string, Room, std::less<>> rooms_;
  std::uint64_t next_serial_ = 1;
  JoinTimeouts timeouts_;
  Showings showings_;
  FreePlaces free_places_;
  LingeringRooms lingering_;
};

}  // namespace heliograph::signaling
