#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "signaling/room.hpp"
#include "signaling/worker_message.hpp"

namespace heliograph::signaling {

/// What a request to the directory brings about, in the order in which it must be posted.
using RoomEffect = std::variant<RoomUpdate, Acknowledgement>;

/// The rooms whose home is this worker: one place decides who owns, who enters and who is told, so
/// that no two creators race. RoomUpdates name peers of any worker; the caller splits them.
class RoomDirectory {
 public:
  explicit RoomDirectory(base::Duration join_request_timeout) : timeout_(join_request_timeout) {}

  std::vector<RoomEffect> handle(RoomRequest request, base::TimePoint now);

  /// Rejects the candidates whose time is over.
  std::vector<RoomEffect> expire(base::TimePoint now);
  /// When expire() has something to do next; base::TimePoint::max() for never.
  base::TimePoint deadline() const;

  std::size_t size() const { return rooms_.size(); }

 private:
  struct Timeout {
    base::TimePoint when;
    std::string room;
    PeerId candidate;
  };
  using Effects = std::vector<RoomEffect>;

  void create(const RoomRequest& request, room_action::Create& action, Effects& effects);
  void join(RoomRequest& request, room_action::Join& action, base::TimePoint now, Effects& effects);
  void answer(const RoomRequest& request, const room_action::AnswerJoin& action, Effects& effects);
  void change_peerinfo(const RoomRequest& request, const room_action::ChangePeerinfo& action);
  void leave(const RoomRequest& request, Effects& effects);
  void close_room(const std::string& name, const Room& room, Effects& effects);
  void drop_request(Room& room, const PeerId& candidate);

  Room* find(std::string_view name);

  base::Duration timeout_;
  // A tree: no choice of room names makes it slow, as hash collisions would.
  std::map<std::string, Room, std::less<>> rooms_;
  // Of the unanswered join requests, by serial: in the order of `when`, as all have the same time.
  std::map<std::uint64_t, Timeout> timeouts_;
  std::uint64_t next_serial_ = 1;
};

}  // namespace heliograph::signaling
