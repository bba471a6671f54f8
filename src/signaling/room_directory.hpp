#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "signaling/candidates.hpp"
#include "signaling/departures.hpp"
#include "signaling/entrance.hpp"
#include "signaling/free_places.hpp"
#include "signaling/limits.hpp"
#include "signaling/lingering_rooms.hpp"
#include "signaling/room.hpp"
#include "signaling/serials.hpp"
#include "signaling/task.hpp"
#include "signaling/worker_message.hpp"

namespace heliograph::signaling {

/// The rooms whose home is this worker: one place decides who owns a room, who enters and who is
/// told, so that creators do not race. RoomUpdates name peers of any worker; the caller splits
/// them.
class RoomDirectory {
 public:
  explicit RoomDirectory(const Limits& limits)
      : lingering_(limits.room_linger),
        candidates_(limits, serials_),
        entrance_(candidates_),
        departures_(limits, candidates_, lingering_, serials_) {}
  RoomDirectory(const RoomDirectory&) = delete;
  RoomDirectory& operator=(const RoomDirectory&) = delete;
  ~RoomDirectory() = default;

  /// The effects are in the order in which they must be posted.
  std::vector<RoomEffect> carry_out(RoomRequest request, base::TimePoint now);

  /// Rejects the candidates whose time is over, closes the rooms to which nobody has come back, and
  /// forgets the places whose tickets have expired.
  std::vector<RoomEffect> expire(base::TimePoint now);
  /// When expire() has something to do next; base::TimePoint::max() for never.
  base::TimePoint deadline() const;

  /// Tells the owners how many wrong passwords were tried since they were last told.
  std::vector<RoomEffect> report_guesses(const std::string& room, std::uint32_t failures,
                                         base::TimePoint now);

  std::size_t size() const { return rooms_.size(); }
  Room* find(std::string_view name);

  /// About what is held of places that are free and rooms that are empty, in bytes.
  std::size_t held_bytes() const { return free_places_.held_bytes() + lingering_.held_bytes(); }
  /// Drops free places, and then closes empty rooms, the oldest first, until at most that many
  /// bytes are held.
  std::vector<RoomEffect> hold_less(std::size_t bytes, base::TimePoint now);

  /// Adds a room that is kept elsewhere, where its times are watched, too.
  void put(const std::string& name, Room room);
  /// Takes the room out; nothing if there is none of this name.
  std::optional<Room> take(const std::string& name);

 private:
  void carry_out(Task& task, room_action::Create& action);
  void carry_out(Task& task, room_action::Join& action);
  void carry_out(Task& task, const room_action::Leave& action);
  void carry_out(Task& task, const room_action::AnswerJoin& action);
  void carry_out(Task& task, const room_action::Kick& action);
  void carry_out(Task& task, const room_action::Mute& action);
  void carry_out(Task& task, room_action::Update& action);
  void carry_out(Task& task, const room_action::Describe& action);
  void carry_out(Task& task, room_action::Broadcast& action);
  void carry_out(Task& task, const room_action::ChangePeerinfo& action);
  void carry_out(Task& task, const room_action::TimeOut& action);
  void carry_out(Task& task, const room_action::ShowRequests& action);
  void carry_out(Task& task, const room_action::ReportGuesses& action);
  void carry_out(Task& task, const room_action::EndLinger& action);
  void carry_out(Task& task, const room_action::NodeGone& action);
  void carry_out(Task& task, const room_action::PeersGone& action);

  std::vector<RoomEffect> end_linger(const LingeringRooms::End& end, base::TimePoint now);
  static void tell_keeper(Task& task, const Room& room);

  // The room if the sender owns it; else the request has been refused.
  Room* find_owned(Task& task);

  // A tree: no choice of room names makes it slow, as hash collisions would.
  std::map<std::string, Room, std::less<>> rooms_;
  Serials serials_;
  FreePlaces free_places_;
  LingeringRooms lingering_;
  Candidates candidates_;
  Entrance entrance_;
  Departures departures_;
};

}  // namespace heliograph::signaling
