#include "signaling/room_directory.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "signaling/event.hpp"
#include "signaling/room_events.hpp"

namespace heliograph::signaling {
namespace {

using Effects = std::vector<RoomEffect>;
using Places = Departures::Places;

void append(Effects& effects, Effects more) {
  std::ranges::move(more, std::back_inserter(effects));
}

// An owner asks something about itself that is for other peers only.
constexpr Refusal kOneself{
    .error = Error::kInvalidArguments, .field = "peer_id", .problem = "must name another peer"};

// Of a room that the sender owns.
void confirm_creation(Task& task, const SharedTickets& tickets) {
  const RoomRequest& request = task.request;
  task.settle(Answers::kEntry, Membership::kMember,
              room_create_accept(request.room, fresh_of(tickets), request.payload));
  task.acknowledge(entry_arguments(request.room, fresh_of(tickets)));
}

}  // namespace

std::vector<RoomEffect> RoomDirectory::carry_out(RoomRequest request, base::TimePoint now) {
  Task task{.request = std::move(request), .now = now};
  std::visit([&](auto& action) { this->carry_out(task, action); }, task.request.action);
  const auto item = rooms_.find(task.request.room);
  if (item == rooms_.end()) return std::move(task.effects);
  Room& room = item->second;
  if (task.ends_room) {
    free_places_.leave_out(room);
    rooms_.erase(item);
  } else {
    // So that a member's worker knows how many get what it sends to the room.
    task.note_members(room.members().size());
    tell_keeper(task, room);
    free_places_.note(room);
  }
  return std::move(task.effects);
}

// No peer of the node that sees to the end of a room that waits may be told anything: but the node
// has to know how the room is, lest it restores an older one.
void RoomDirectory::tell_keeper(Task& task, const Room& room) {
  if (!room.is_empty()) return;
  const std::uint32_t keeper = room.lingering().node;
  if (keeper == task.request.from.home.node) return;
  const PeerId nobody{.home = {.node = keeper}};
  task.update({nobody}, Membership::kUnchanged, {});
}

void RoomDirectory::carry_out(Task& task, room_action::Create& action) {
  const RoomRequest& request = task.request;
  if (Room* taken = find(request.room)) {
    // It may not have heard the first answer.
    const Member* const sender = taken->find_member(request.from);
    if (sender && sender->is_owner) {
      taken->give_place(request.from, place_of(action.tickets));
      return confirm_creation(task, action.tickets);
    }
    task.settle(Answers::kEntry, membership_in(taken, request.from),
                message_event("room-create-reject", Error::kRoomTaken, request.payload));
    return task.refuse(Error::kRoomTaken);
  }
  rooms_.emplace(request.room,
                 Room(request.from, std::move(action.peerinfo), place_of(action.tickets)));
  confirm_creation(task, action.tickets);
}

void RoomDirectory::carry_out(Task& task, room_action::Join& action) {
  entrance_.join(task, find(task.request.room), action);
}

void RoomDirectory::carry_out(Task& task, const room_action::Leave& action) {
  departures_.leave(task, find(task.request.room), action);
  if (!action.successor) return;
  task.effects.emplace_back(Replaced{task.request.from, *action.successor, action.leaves});
}

void RoomDirectory::carry_out(Task& task, const room_action::AnswerJoin& action) {
  if (Room* room = find_owned(task)) candidates_.answer(task, *room, action);
}

void RoomDirectory::carry_out(Task& task, const room_action::Kick& action) {
  Room* room = find_owned(task);
  if (!room) return;
  const RoomRequest& request = task.request;
  if (action.peer == request.from) return task.refuse(kOneself);
  const Membership was = membership_in(room, action.peer);
  // It may have gone and be able to come back, or this may be the same request again.
  const bool is_out = was == Membership::kNone;
  const bool counts =
      !is_out || room->forget_place_of(action.peer) || room->was_kicked(action.peer);
  if (!counts) return task.refuse(Error::kPeerNotInRoom);
  if (action.ban) room->ban(action.peer);
  if (!room->was_kicked(action.peer)) room->note_kicked(action.peer);
  if (is_out) return task.acknowledge(ok_arguments());
  if (was == Membership::kPending) {
    const Error why = action.ban ? Error::kBanned : Error::kRejectedByOwner;
    candidates_.turn_away(task, *room, action.peer, why);
  } else {
    task.update({action.peer}, Membership::kNone,
                room_kick(request.room, action.peer, request.payload), request.attachments);
    departures_.take_out(task, *room, {&action.peer, 1}, Places::kForget);
  }
  task.acknowledge(ok_arguments());
}

void RoomDirectory::carry_out(Task& task, const room_action::Mute& action) {
  Room* room = find_owned(task);
  if (!room) return;
  const RoomRequest& request = task.request;
  if (action.peer == request.from) return task.refuse(kOneself);
  if (!room->find_member(action.peer)) {
    return task.refuse(Error::kPeerNotInRoom);
  }
  std::string event;
  EventWriter(event, "room-mute")
      .text("room", request.room)
      .id("peer_id", request.from)
      .text("kind", text(action.kind))
      .optional_raw("payload", request.payload)
      .end();
  task.update({action.peer}, Membership::kMember, std::move(event), request.attachments);
  task.acknowledge(ok_arguments());
}

void RoomDirectory::carry_out(Task& task, room_action::Update& action) {
  Room* room = find_owned(task);
  if (!room) return;
  const RoomRequest& request = task.request;
  RoomSettings settings = room->settings();
  if (action.locked) settings.locked = *action.locked;
  if (action.capacity) settings.capacity = *action.capacity;
  if (action.admission) settings.admission = *action.admission;
  if (!action.password.empty()) settings.password = std::move(action.password);
  if (settings.admission == Admission::kPassword && settings.password.empty()) {
    return task.refuse(
        {.error = Error::kInvalidArguments, .field = "password", .problem = "is missing"});
  }
  task.acknowledge(settings_arguments(settings));
  task.update(room->peers(), Membership::kMember,
              room_update(request.room, settings, request.payload), request.attachments);
  room->change(std::move(settings));
  if (room->settings().admission == Admission::kOpen) candidates_.admit_all(task, *room);
}

void RoomDirectory::carry_out(Task& task, const room_action::Describe&) {
  const RoomRequest& request = task.request;
  Room* room = find(request.room);
  if (membership_in(room, request.from) != Membership::kMember) {
    return task.refuse(Error::kNotInRoom);
  }
  if (request.ack) task.acknowledge(info_arguments(*room, request.room));
}

void RoomDirectory::carry_out(Task& task, room_action::Broadcast& action) {
  const RoomRequest& request = task.request;
  Room* room = find(request.room);
  if (membership_in(room, request.from) != Membership::kMember) {
    return task.refuse(Error::kNotInRoom);
  }
  task.update(room->members_except(request.from), Membership::kMember, std::move(action.event),
              request.attachments);
  task.acknowledge(ok_arguments());
}

void RoomDirectory::carry_out(Task& task, const room_action::ChangePeerinfo& action) {
  const RoomRequest& request = task.request;
  Room* room = find(request.room);
  if (!room) return;
  if (Member* member = room->find_member(request.from)) member->peerinfo = action.peerinfo;
  if (JoinRequest* asked = room->find_request(request.from)) asked->peerinfo = action.peerinfo;
}

void RoomDirectory::carry_out(Task& task, const room_action::TimeOut& action) {
  if (Room* room = find(task.request.room)) candidates_.time_out(task, *room, action.serial);
}

void RoomDirectory::carry_out(Task& task, const room_action::ShowRequests& action) {
  if (Room* room = find(task.request.room)) candidates_.show(task, *room, action.node);
}

void RoomDirectory::carry_out(Task& task, const room_action::ReportGuesses& action) {
  const std::string& name = task.request.room;
  if (Room* room = find(name)) {
    task.update(room->owners(), Membership::kMember, room_password_failures(name, action.failures));
  }
}

void RoomDirectory::carry_out(Task& task, const room_action::EndLinger& action) {
  const Room* const room = find(task.request.room);
  const bool is_due = room && room->is_empty() && room->lingering().number == action.number;
  if (is_due) departures_.close(task, *room);
}

void RoomDirectory::carry_out(Task& task, const room_action::NodeGone& action) {
  Room* const room = find(task.request.room);
  if (!room) return;
  // Before its last members go: theirs begins with the remover.
  const bool was_keeper = room->is_empty() && room->lingering().node == action.node;
  if (was_keeper) room->hand_over(action.remover);
  const auto has_gone = [&](const PeerId& peer) { return peer.home.node == action.node; };
  departures_.take_out_gone(task, *room, has_gone, Places::kKeep);
}

void RoomDirectory::carry_out(Task& task, const room_action::PeersGone& action) {
  const auto has_gone = [&](const PeerId& peer) {
    return std::ranges::find(action.peers, peer) != action.peers.end();
  };
  if (Room* const room = find(task.request.room)) {
    departures_.take_out_gone(task, *room, has_gone, Places::kForget);
  }
  task.update(action.peers, Membership::kNone, {});
}

std::vector<RoomEffect> RoomDirectory::expire(base::TimePoint now) {
  Effects effects;
  while (auto request = candidates_.take_timeout(now)) {
    append(effects, carry_out(*std::move(request), now));
  }
  free_places_.expire(now);
  while (const auto end = lingering_.take_due(now)) append(effects, end_linger(*end, now));
  while (auto request = candidates_.take_showing(now)) {
    append(effects, carry_out(*std::move(request), now));
  }
  return effects;
}

std::vector<RoomEffect> RoomDirectory::end_linger(const LingeringRooms::End& end,
                                                  base::TimePoint now) {
  return carry_out(own_request(end.room, room_action::EndLinger{end.number}), now);
}

std::vector<RoomEffect> RoomDirectory::report_guesses(const std::string& room,
                                                      std::uint32_t failures, base::TimePoint now) {
  return carry_out(own_request(room, room_action::ReportGuesses{failures}), now);
}

base::TimePoint RoomDirectory::deadline() const {
  return std::min({candidates_.deadline(), free_places_.deadline(), lingering_.deadline()});
}

std::vector<RoomEffect> RoomDirectory::hold_less(std::size_t bytes, base::TimePoint now) {
  Effects effects;
  while (held_bytes() > bytes && !free_places_.is_empty()) free_places_.forget_one();
  while (held_bytes() > bytes && !lingering_.is_empty()) {
    append(effects, end_linger(*lingering_.take_oldest(), now));
  }
  return effects;
}

void RoomDirectory::put(const std::string& name, Room room) {
  for (const JoinRequest* asked : room.requests()) serials_.note_used(asked->serial);
  serials_.note_used(room.lingering().number);
  rooms_.insert_or_assign(name, std::move(room));
}

std::optional<Room> RoomDirectory::take(const std::string& name) {
  const auto item = rooms_.find(name);
  if (item == rooms_.end()) return std::nullopt;
  free_places_.leave_out(item->second);
  auto found = rooms_.extract(item);
  candidates_.forget_timeouts(found.mapped());
  return std::move(found.mapped());
}

Room* RoomDirectory::find(std::string_view name) {
  const auto found = rooms_.find(name);
  return found == rooms_.end() ? nullptr : &found->second;
}

Room* RoomDirectory::find_owned(Task& task) {
  Room* room = find(task.request.room);
  const Member* sender = room ? room->find_member(task.request.from) : nullptr;
  if (sender && sender->is_owner) return room;
  const bool is_there = room && !room->is_empty();
  task.refuse(is_there ? Error::kNotOwner : Error::kRoomNotFound);
  return nullptr;
}

}  // namespace heliograph::signaling
