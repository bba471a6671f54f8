#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "signaling/limits.hpp"
#include "signaling/room.hpp"
#include "signaling/worker_message.hpp"

namespace heliograph::signaling {

/// What a request to the directory brings about, in the order in which it must be posted.
using RoomEffect = std::variant<RoomUpdate, Acknowledgement, RequestError>;

/// The rooms whose home is this worker: one place decides who owns, who enters and who is told, so
/// that no two creators race. RoomUpdates name peers of any worker; the caller splits them.
class RoomDirectory {
 public:
  /// `max_pending_requests`: join requests that wait in one room.
  explicit RoomDirectory(base::Duration join_request_timeout,
                         std::size_t max_pending_requests = Limits{}.max_pending_requests)
      : timeout_(join_request_timeout), max_pending_requests_(max_pending_requests) {}

  std::vector<RoomEffect> handle(RoomRequest request, base::TimePoint now);

  /// Rejects the candidates whose time is over.
  std::vector<RoomEffect> expire(base::TimePoint now);
  /// When expire() has something to do next; base::TimePoint::max() for never.
  base::TimePoint deadline() const;

  /// Tells the owners that so many wrong passwords were tried since they were last told.
  std::vector<RoomEffect> report_guesses(const std::string& room, std::uint32_t failures,
                                         base::TimePoint now);

  std::size_t size() const { return rooms_.size(); }
  Room* find(std::string_view name);

  /// Puts a room there that was kept elsewhere. Whoever keeps it sees to its requests' time.
  void put(const std::string& name, Room room);
  /// Takes the room out; nothing where there is none of this name.
  std::optional<Room> take(const std::string& name);

 private:
  struct Timeout {
    base::TimePoint when;
    std::string room;
    PeerId candidate;
  };
  using Effects = std::vector<RoomEffect>;

  // A request that is being carried out; `now` is when, `effects` what it has brought about so far.
  struct Task {
    RoomRequest& request;
    base::TimePoint now;
    Effects& effects;
  };
  void handle(const Task& task, room_action::Create& action);
  void handle(const Task& task, room_action::Join& action);
  void handle(const Task& task, const room_action::Leave& action);
  void handle(const Task& task, const room_action::AnswerJoin& action);
  void handle(const Task& task, const room_action::Kick& action);
  void handle(const Task& task, room_action::Update& action);
  void handle(const Task& task, const room_action::Describe& action);
  void handle(const Task& task, room_action::Broadcast& action);
  void handle(const Task& task, const room_action::ChangePeerinfo& action);
  void handle(const Task& task, const room_action::TimeOut& action);
  void handle(const Task& task, const room_action::ShowRequests& action);
  void handle(const Task& task, const room_action::ReportGuesses& action);
  void handle(const Task& task, const room_action::NodeGone& action);
  void handle(const Task& task, const room_action::PeersGone& action);

  void let_in(const Task& task, Room& room, room_action::Join& action);
  void ask_owners(const Task& task, Room& room, room_action::Join& action);
  void make_room_at_door(const Task& task, Room& room);
  void show_waiting(const Task& task, Room& room, std::uint32_t node);
  void show_later(const std::string& name, const Room& room, std::uint32_t node,
                  base::TimePoint now);
  void ask_new_owners(const Task& task, Room& room);
  void accept(const Task& task, Room& room, const PeerId& candidate, Raw payload,
              const SharedAttachments& attachments);
  void open_door(const Task& task, Room& room);
  void turn_away(const Task& task, Room& room, const PeerId& candidate, Error why);
  void withdraw(const Task& task, Room& room);
  void take_out(const Task& task, Room& room, std::span<const PeerId> peers);
  void take_out_all(const Task& task, const std::function<bool(const PeerId&)>& has_gone);
  void time_out(Effects& effects, Room& room, const std::string& name, const PeerId& candidate);
  void close_room(const std::string& name, const Room& room, Effects& effects);
  void drop_request(Room& room, const PeerId& candidate);
  void note_members(Effects& effects, const std::string& name);

  // The room if the sender owns it; else the request has been refused.
  Room* find_owned(const Task& task);

  base::Duration timeout_;
  std::size_t max_pending_requests_;
  // A tree: no choice of room names makes it slow, as hash collisions would.
  std::map<std::string, Room, std::less<>> rooms_;
  // Of the unanswered join requests, by serial: in the order of `when`, as all have the same time.
  std::map<std::uint64_t, Timeout> timeouts_;
  // When the owners are to be asked about requests that wait for it, in which room, and about
  // candidates of which node.
  std::set<std::tuple<base::TimePoint, std::string, std::uint32_t>> showings_;
  std::map<std::pair<std::string, std::uint32_t>, base::TimePoint> showing_at_;  // the same
  std::uint64_t next_serial_ = 1;
};

}  // namespace heliograph::signaling
