// Long because it has one function for each action on a room, and they share helpers.
#include "signaling/room_directory.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "signaling/event.hpp"
#include "signaling/room_events.hpp"

namespace heliograph::signaling {
namespace {

using Effects = std::vector<RoomEffect>;

void append(Effects& effects, Effects more) {
  std::ranges::move(more, std::back_inserter(effects));
}

// An owner asks something about itself that is for other peers only.
constexpr Refusal kOneself{
    .error = Error::kInvalidArguments, .field = "peer_id", .problem = "must name another peer"};

void refuse_join(Task& task, Room* room, const Refusal& refusal) {
  task.settle(Answers::kEntry, membership_in(room, task.request.from),
              message_event(kJoinReject, refusal, task.request.payload));
  task.refuse(refusal);
}

// What the owners have yet to be shown of the request.
void ask(Task& task, const Room& room, JoinRequest& request) {
  const bool is_known = std::exchange(request.shown, Shown::kYes) != Shown::kNo;
  const auto news = is_known ? Stranger::News::kAgain : Stranger::News::kFirst;
  task.tell_of_stranger(room.owners(), {request.candidate, news},
                        about_peer("room-join-request", task.request.room, request.candidate,
                                   request.peerinfo, request.payload),
                        request.attachments);
}

void cancel(Task& task, std::vector<PeerId> owners, const JoinRequest& request) {
  if (request.shown == Shown::kNo) return;
  task.tell_of_stranger(std::move(owners), {request.candidate, Stranger::News::kNoMore},
                        about_peer("room-join-cancel", task.request.room, request.candidate));
}

// Why the request to join is refused; nothing if it is not.
std::optional<Refusal> obstacle(Room* room, const RoomRequest& request,
                                const room_action::Join& action) {
  const bool is_there = room && (!room->is_empty() || room->find_request(request.from));
  if (!is_there) return Refusal{.error = Error::kRoomNotFound};
  if (const auto error = closed_to(*room, request.from)) return Refusal{.error = *error};
  if (action.wait > std::chrono::milliseconds::zero()) {
    return Refusal{.error = Error::kRateLimited, .retry_after = action.wait};
  }
  const RoomSettings& settings = room->settings();
  if (settings.admission == Admission::kPassword && !opens(action.passwords, settings)) {
    return Refusal{.error = Error::kWrongPassword};
  }
  const bool is_crowd =
      settings.admission == Admission::kOwner && request.address != base::IpAddress{} &&
      !room->find_request(request.from) &&
      room->requests_of(base::counted_as(request.address)) >= kMostRequestsOfAddress;
  if (is_crowd) return Refusal{.error = Error::kTooManyRequests};
  return std::nullopt;
}

// Of a room that the sender owns.
void confirm_creation(Task& task, const SharedTickets& tickets) {
  const RoomRequest& request = task.request;
  task.settle(Answers::kEntry, Membership::kMember,
              room_create_accept(request.room, fresh_of(tickets), request.payload));
  task.acknowledge(entry_arguments(request.room, fresh_of(tickets)));
}

// Of a room that the sender is in.
void confirm_entry(Task& task, Room& room, const SharedTickets& tickets) {
  const RoomRequest& request = task.request;
  task.settle(Answers::kEntry, Membership::kMember,
              room_join_accept(room, request.room, *room.find_member(request.from),
                               fresh_of(tickets), request.payload));
  task.acknowledge(entry_arguments(request.room, fresh_of(tickets)));
}

}  // namespace

std::vector<RoomEffect> RoomDirectory::handle(RoomRequest request, base::TimePoint now) {
  Task task{.request = std::move(request), .now = now};
  std::visit([&](auto& action) { this->handle(task, action); }, task.request.action);
  const auto item = rooms_.find(task.request.room);
  if (item != rooms_.end()) {
    // So that a member's worker knows how many get what it sends to the room.
    task.note_members(item->second.members().size());
    tell_keeper(task, item->second);
    free_places_.note(item->second);
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

void RoomDirectory::handle(Task& task, room_action::Create& action) {
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

void RoomDirectory::handle(Task& task, room_action::Join& action) {
  const RoomRequest& request = task.request;
  Room* room = find(request.room);
  if (room && room->find_member(request.from)) {
    room->give_place(request.from, place_of(action.tickets));
    return confirm_entry(task, *room, action.tickets);
  }
  if (room && return_by_ticket(task, *room, action)) return;
  if (const auto refusal = obstacle(room, request, action)) {
    return refuse_join(task, room, *refusal);
  }
  if (room->settings().admission != Admission::kOwner) return let_in(task, *room, action);
  ask_owners(task, *room, action);
  task.acknowledge(ok_arguments("room", request.room));
}

// Whether the ticket that was shown settles the request, or will when the peer that has its place
// was asked about. One that the room does not know is no ticket.
bool RoomDirectory::return_by_ticket(Task& task, Room& room, room_action::Join& action) {
  RoomRequest& request = task.request;
  const Place shown = shown_by(action.tickets);
  const Member* const holder = room.holder_of(shown);
  if (!holder && !room.is_free(shown, task.now)) return false;
  using Holder = room_action::Join::Holder;
  if (holder && action.holder != Holder::kStays) {
    const PeerId peer = holder->peer;
    action.members = static_cast<std::uint32_t>(room.members().size());
    task.effects.emplace_back(Vacate{peer, std::move(request)});
    return true;
  }
  std::optional<Error> error;
  if (holder) error = Error::kTicketInUse;
  // A newcomer that replaces its own peer makes the room no fuller, unless somebody else has come
  // in since that peer was asked to go.
  const bool replaces = action.holder == Holder::kGone && room.members().size() < action.members;
  if (!holder && !replaces && room.is_full()) error = Error::kRoomFull;
  if (error) {
    refuse_join(task, &room, Refusal{.error = *error});
    return true;
  }
  if (room.find_request(request.from)) withdraw(task, room);
  room.take_place(request.from, std::move(action.peerinfo), shown, place_of(action.tickets));
  come_in(task, room, action.tickets);
  if (room.find_member(request.from)->is_owner) ask_new_owners(task, room);
  return true;
}

void RoomDirectory::let_in(Task& task, Room& room, room_action::Join& action) {
  const PeerId& newcomer = task.request.from;
  if (room.find_request(newcomer)) withdraw(task, room);
  room.admit(newcomer, std::move(action.peerinfo), place_of(action.tickets));
  come_in(task, room, action.tickets);
}

// The sender is a member now.
void RoomDirectory::come_in(Task& task, Room& room, const SharedTickets& tickets) {
  const RoomRequest& request = task.request;
  confirm_entry(task, room, tickets);
  task.announce(room, request.from, request.payload, request.attachments);
}

// If a candidate asks again, the owners are asked again: every 2 s at most. The time that its
// request may stay unanswered runs on.
void RoomDirectory::ask_owners(Task& task, Room& room, room_action::Join& action) {
  RoomRequest& request = task.request;
  const JoinRequest* earlier = room.find_request(request.from);
  const bool asks_now = !earlier || earlier->may_ask_at() <= task.now;
  const Shown was_shown = earlier ? earlier->shown : Shown::kNo;
  JoinRequest asked{request.from,
                    std::move(action.peerinfo),
                    std::move(request.payload),
                    request.attachments,
                    earlier ? earlier->serial : next_serial_++,
                    base::counted_as(request.address),
                    asks_now ? task.now : earlier->asked_at,
                    was_shown == Shown::kYes ? Shown::kAnEarlier : was_shown,
                    std::move(action.tickets)};
  if (!earlier) make_room_at_door(task, room);
  if (!earlier) timeouts_.begin({asked.serial, request.room, request.from}, task.now);
  task.settle(Answers::kEntry, Membership::kPending, {});
  if (asks_now) ask(task, room, asked);
  room.ask(std::move(asked));
  if (!asks_now && was_shown == Shown::kYes) {
    show_later(request.room, room, request.from.home.node, task.now);
  }
}

// What was asked since the owners were last told of the candidate, and what a new owner is to be
// told of those who came before.
void RoomDirectory::show_waiting(Task& task, Room& room, std::uint32_t node) {
  for (const PeerId& candidate : room.to_be_shown(node, task.now)) {
    JoinRequest& asked = *room.find_request(candidate);
    asked.asked_at = task.now;
    ask(task, room, asked);
  }
  show_later(task.request.room, room, node, task.now);
}

void RoomDirectory::show_later(const std::string& name, const Room& room, std::uint32_t node,
                               base::TimePoint now) {
  const base::TimePoint next = room.next_showing(node, now);
  if (next != base::TimePoint::max()) showings_.note({name, node}, next);
}

// For one request more.
void RoomDirectory::make_room_at_door(Task& task, Room& room) {
  while (room.request_count() > 0 && room.request_count() >= max_pending_requests_) {
    const JoinRequest dropped = room.most_dispensable_request();
    const std::string& name = task.request.room;
    drop_request(room, dropped.candidate);
    task.update({dropped.candidate}, Membership::kNone,
                room_join_reject(name, dropped.candidate, Error::kTooManyRequests, dropped.payload),
                dropped.attachments);
    cancel(task, room.owners(), dropped);
  }
}

void RoomDirectory::handle(Task& task, const room_action::Leave& action) {
  leave(task, action);
  if (!action.successor) return;
  task.effects.emplace_back(Replaced{task.request.from, *action.successor, action.leaves});
}

void RoomDirectory::leave(Task& task, const room_action::Leave& action) {
  const RoomRequest& request = task.request;
  Room* room = find(request.room);
  const Membership was = membership_in(room, request.from);
  if (!action.has_gone) {
    task.settle(Answers::kLeave, Membership::kNone, {});
  }
  if (was == Membership::kNone && action.is_repeated) {
    return task.acknowledge(ok_arguments());
  }
  if (was == Membership::kNone) return task.refuse(Error::kNotInRoom);
  if (was == Membership::kPending) {
    withdraw(task, *room);
  } else {
    take_out(task, *room, {&request.from, 1}, action.has_gone ? Places::kKeep : Places::kForget);
  }
  task.acknowledge(ok_arguments());
}

void RoomDirectory::handle(Task& task, const room_action::AnswerJoin& action) {
  Room* room = find_owned(task);
  if (!room) return;
  const RoomRequest& request = task.request;
  const bool is_repeated = action.answer == Answer::kAccept && action.candidate != request.from &&
                           room->find_member(action.candidate);
  if (is_repeated) {
    return task.acknowledge(ok_arguments());
  }
  if (!room->find_request(action.candidate)) {
    return task.refuse(Error::kNoJoinRequest);
  }
  if (action.answer == Answer::kReject) {
    turn_away(task, *room, action.candidate, Error::kRejectedByOwner);
  } else if (room->is_full()) {
    return task.refuse(Error::kRoomFull);
  } else {
    accept(task, *room, action.candidate, request.payload, request.attachments);
  }
  task.acknowledge(ok_arguments());
}

void RoomDirectory::accept(Task& task, Room& room, const PeerId& candidate, Raw payload,
                           const SharedAttachments& attachments) {
  const std::string& name = task.request.room;
  const JoinRequest& asked = *room.find_request(candidate);
  timeouts_.end(asked.serial);
  const SharedTickets tickets = asked.tickets;
  room.admit(candidate);
  task.update(
      {candidate}, Membership::kMember,
      room_join_accept(room, name, *room.find_member(candidate), fresh_of(tickets), payload),
      attachments);
  task.announce(room, candidate, payload, attachments);
}

void RoomDirectory::turn_away(Task& task, Room& room, const PeerId& candidate, Error why) {
  const RoomRequest& request = task.request;
  drop_request(room, candidate);
  task.update({candidate}, Membership::kNone,
              room_join_reject(request.room, candidate, why, request.payload), request.attachments);
}

void RoomDirectory::handle(Task& task, const room_action::Kick& action) {
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
    turn_away(task, *room, action.peer, action.ban ? Error::kBanned : Error::kRejectedByOwner);
  } else {
    task.update({action.peer}, Membership::kNone,
                room_kick(request.room, action.peer, request.payload), request.attachments);
    take_out(task, *room, {&action.peer, 1}, Places::kForget);
  }
  task.acknowledge(ok_arguments());
}

void RoomDirectory::handle(Task& task, const room_action::Mute& action) {
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

void RoomDirectory::handle(Task& task, room_action::Update& action) {
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
  if (room->settings().admission == Admission::kOpen) open_door(task, *room);
}

// Lets in those who wait, as far as there is room.
void RoomDirectory::open_door(Task& task, Room& room) {
  for (const JoinRequest* waiting : room.requests()) {
    if (room.is_full()) return;
    const JoinRequest asked = *waiting;
    accept(task, room, asked.candidate, asked.payload, asked.attachments);
  }
}

void RoomDirectory::handle(Task& task, const room_action::Describe&) {
  const RoomRequest& request = task.request;
  Room* room = find(request.room);
  if (membership_in(room, request.from) != Membership::kMember) {
    return task.refuse(Error::kNotInRoom);
  }
  if (request.ack) task.acknowledge(info_arguments(*room, request.room));
}

void RoomDirectory::handle(Task& task, room_action::Broadcast& action) {
  const RoomRequest& request = task.request;
  Room* room = find(request.room);
  if (membership_in(room, request.from) != Membership::kMember) {
    return task.refuse(Error::kNotInRoom);
  }
  task.update(room->members_except(request.from), Membership::kMember, std::move(action.event),
              request.attachments);
  task.acknowledge(ok_arguments());
}

void RoomDirectory::handle(Task& task, const room_action::ChangePeerinfo& action) {
  const RoomRequest& request = task.request;
  Room* room = find(request.room);
  if (!room) return;
  if (Member* member = room->find_member(request.from)) member->peerinfo = action.peerinfo;
  if (JoinRequest* asked = room->find_request(request.from)) asked->peerinfo = action.peerinfo;
}

void RoomDirectory::handle(Task& task, const room_action::TimeOut& action) {
  const PeerId& candidate = task.request.from;
  const std::string& name = task.request.room;
  Room* room = find(name);
  const JoinRequest* asked = room ? room->find_request(candidate) : nullptr;
  if (!asked || asked->serial != action.serial) return;
  task.update({candidate}, Membership::kNone,
              room_join_reject(name, candidate, Error::kJoinRequestTimeout, asked->payload),
              asked->attachments);
  cancel(task, room->owners(), *asked);
  drop_request(*room, candidate);
}

void RoomDirectory::handle(Task& task, const room_action::ShowRequests& action) {
  if (Room* room = find(task.request.room)) show_waiting(task, *room, action.node);
}

void RoomDirectory::handle(Task& task, const room_action::ReportGuesses& action) {
  const std::string& name = task.request.room;
  if (Room* room = find(name)) {
    task.update(room->owners(), Membership::kMember, room_password_failures(name, action.failures));
  }
}

void RoomDirectory::handle(Task& task, const room_action::EndLinger& action) {
  const Room* const room = find(task.request.room);
  const bool is_due = room && room->is_empty() && room->lingering().number == action.number;
  if (is_due) close_room(task, *room);
}

void RoomDirectory::handle(Task& task, const room_action::NodeGone& action) {
  Room* const room = find(task.request.room);
  if (!room) return;
  // Before its last members go: theirs begins with the remover.
  const bool was_keeper = room->is_empty() && room->lingering().node == action.node;
  if (was_keeper) room->hand_over(action.remover);
  take_out_all(
      task, [&](const PeerId& peer) { return peer.home.node == action.node; }, Places::kKeep);
}

void RoomDirectory::handle(Task& task, const room_action::PeersGone& action) {
  const auto has_gone = [&](const PeerId& peer) {
    return std::ranges::find(action.peers, peer) != action.peers.end();
  };
  take_out_all(task, has_gone, Places::kForget);
  task.update(action.peers, Membership::kNone, {});
}

// Members and candidates. None of them is told of the others.
void RoomDirectory::take_out_all(Task& task, const std::function<bool(const PeerId&)>& has_gone,
                                 Places places) {
  const std::string& name = task.request.room;
  Room* room = find(name);
  if (!room) return;
  std::vector<PeerId> owners = room->owners();
  std::erase_if(owners, has_gone);
  for (const JoinRequest* asked : room->requests()) {
    if (!has_gone(asked->candidate)) continue;
    cancel(task, owners, *asked);
    drop_request(*room, PeerId(asked->candidate));
  }
  std::vector<PeerId> gone = room->peers();
  std::erase_if(gone, [&](const PeerId& peer) { return !has_gone(peer); });
  if (!gone.empty()) take_out(task, *room, gone, places);
}

// The sender's own request.
void RoomDirectory::withdraw(Task& task, Room& room) {
  const PeerId& candidate = task.request.from;
  cancel(task, room.owners(), *room.find_request(candidate));
  drop_request(room, candidate);
}

// Members. Who stays is told of each, and then of a new owner.
void RoomDirectory::take_out(Task& task, Room& room, std::span<const PeerId> peers, Places places) {
  const RoomRequest& request = task.request;
  room.forget_places_until(task.now);
  const base::TimePoint until =
      places == Places::kKeep ? task.now + ticket_lifetime_ : base::TimePoint::min();
  std::vector<Member> gone;
  bool owner_changed = false;
  for (const PeerId& peer : peers) {
    Room::Departure departure = room.remove(peer, until);
    owner_changed = owner_changed || departure.owner_changed;
    gone.push_back(std::move(departure.member));
  }
  if (room.is_empty()) {
    const bool may_return = places == Places::kKeep && gone.back().place != Place{};
    return may_return ? wait_for_return(task, room) : close_room(task, room);
  }

  for (const Member& member : gone) {
    task.update(
        room.peers(), Membership::kMember,
        about_peer("room-user-leave", request.room, member.peer, member.peerinfo, request.payload),
        request.attachments);
  }
  if (!owner_changed) return;
  task.update(room.peers(), Membership::kMember,
              about_peer("room-owner-change", request.room, room.owners().front()));
  ask_new_owners(task, room);
}

// Of a room that its last member has left.
void RoomDirectory::wait_for_return(Task& task, Room& room) {
  const std::string& name = task.request.room;
  if (!lingering_.are_kept()) return close_room(task, room);
  const auto* const gone = std::get_if<room_action::NodeGone>(&task.request.action);
  const std::uint32_t node = gone ? gone->remover : task.request.from.home.node;
  room.linger({.node = node, .number = next_serial_++});
  lingering_.add(name, room.lingering().number, task.now);
}

// About those who wait: the first ones now, the rest bit by bit.
void RoomDirectory::ask_new_owners(Task& task, Room& room) {
  const std::string& name = task.request.room;
  std::map<std::uint32_t, PeerId> others;  // one of each node, of those who wait for it
  std::size_t asked = 0;
  for (const JoinRequest* waiting : room.requests()) {
    JoinRequest& request = *room.find_request(waiting->candidate);
    request.shown = Shown::kNo;
    if (asked++ < Room::kPortion) {
      ask(task, room, request);
    } else {
      others.emplace(request.candidate.home.node, request.candidate);
    }
  }
  for (const auto& [node, candidate] : others) {
    show_later(name, room, node, task.now);
    // So that its node looks at the room.
    task.update({candidate}, Membership::kPending, {});
  }
}

void RoomDirectory::close_room(Task& task, const Room& room) {
  const std::string& name = task.request.room;
  for (const JoinRequest* asked : room.requests()) {
    task.update({asked->candidate}, Membership::kNone,
                room_join_reject(name, asked->candidate, Error::kRoomNotFound, asked->payload),
                asked->attachments);
    timeouts_.end(asked->serial);
  }
  const auto item = rooms_.find(name);
  free_places_.leave_out(item->second);
  rooms_.erase(item);
}

void RoomDirectory::drop_request(Room& room, const PeerId& candidate) {
  const JoinRequest* asked = room.find_request(candidate);
  if (!asked) return;
  timeouts_.end(asked->serial);
  room.drop_request(candidate);
}

std::vector<RoomEffect> RoomDirectory::expire(base::TimePoint now) {
  Effects effects;
  while (const auto timeout = timeouts_.take_overdue(now)) {
    RoomRequest request = own_request(timeout->room, room_action::TimeOut{timeout->serial});
    request.from = timeout->candidate;
    append(effects, handle(std::move(request), now));
  }
  free_places_.expire(now);
  while (const auto end = lingering_.take_due(now)) {
    append(effects, handle(own_request(end->room, room_action::EndLinger{end->number}), now));
  }
  while (const auto due = showings_.take_due(now)) {
    append(effects, handle(own_request(due->room, room_action::ShowRequests{due->node}), now));
  }
  return effects;
}

std::vector<RoomEffect> RoomDirectory::report_guesses(const std::string& room,
                                                      std::uint32_t failures, base::TimePoint now) {
  return handle(own_request(room, room_action::ReportGuesses{failures}), now);
}

base::TimePoint RoomDirectory::deadline() const {
  return std::min(
      {timeouts_.deadline(), showings_.deadline(), free_places_.deadline(), lingering_.deadline()});
}

std::vector<RoomEffect> RoomDirectory::hold_less(std::size_t bytes, base::TimePoint now) {
  Effects effects;
  while (held_bytes() > bytes && !free_places_.is_empty()) free_places_.forget_one();
  while (held_bytes() > bytes && !lingering_.is_empty()) {
    const auto end = lingering_.take_oldest();
    append(effects, handle(own_request(end->room, room_action::EndLinger{end->number}), now));
  }
  return effects;
}

void RoomDirectory::put(const std::string& name, Room room) {
  for (const JoinRequest* asked : room.requests()) {
    next_serial_ = std::max(next_serial_, asked->serial + 1);
  }
  next_serial_ = std::max(next_serial_, room.lingering().number + 1);
  rooms_.insert_or_assign(name, std::move(room));
}

std::optional<Room> RoomDirectory::take(const std::string& name) {
  const auto item = rooms_.find(name);
  if (item == rooms_.end()) return std::nullopt;
  free_places_.leave_out(item->second);
  auto found = rooms_.extract(item);
  for (const JoinRequest* asked : found.mapped().requests()) timeouts_.end(asked->serial);
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
