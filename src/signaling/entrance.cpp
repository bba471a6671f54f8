#include "signaling/entrance.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

#include "signaling/event.hpp"
#include "signaling/limits.hpp"
#include "signaling/room_events.hpp"

namespace heliograph::signaling {
namespace {

void refuse_entry(Task& task, Room* room, const Refusal& refusal) {
  task.settle(Answers::kEntry, membership_in(room, task.request.from),
              message_event(kJoinReject, refusal, task.request.payload));
  task.refuse(refusal);
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

// The sender is a member.
void confirm_entry(Task& task, Room& room, const SharedTickets& tickets) {
  const RoomRequest& request = task.request;
  task.settle(Answers::kEntry, Membership::kMember,
              room_join_accept(room, request.room, *room.find_member(request.from),
                               fresh_of(tickets), request.payload));
  task.acknowledge(entry_arguments(request.room, fresh_of(tickets)));
}

// The sender has become a member.
void welcome(Task& task, Room& room, const SharedTickets& tickets) {
  const RoomRequest& request = task.request;
  confirm_entry(task, room, tickets);
  task.announce(room, request.from, request.payload, request.attachments);
}

}  // namespace

void Entrance::join(Task& task, Room* room, room_action::Join& action) {
  const RoomRequest& request = task.request;
  if (room && room->find_member(request.from)) {
    room->give_place(request.from, place_of(action.tickets));
    return confirm_entry(task, *room, action.tickets);
  }
  if (room && return_by_ticket(task, *room, action)) return;
  if (const auto refusal = obstacle(room, request, action)) {
    return refuse_entry(task, room, *refusal);
  }
  if (room->settings().admission != Admission::kOwner) return let_in(task, *room, action);
  candidates_.ask(task, *room, action);
  task.acknowledge(ok_arguments("room", request.room));
}

// Whether the ticket that was shown settles the request, or will when the peer that has its place
// was asked about. One that the room does not know is no ticket.
bool Entrance::return_by_ticket(Task& task, Room& room, room_action::Join& action) {
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
    refuse_entry(task, &room, Refusal{.error = *error});
    return true;
  }
  if (room.find_request(request.from)) candidates_.withdraw(task, room);
  room.take_place(request.from, std::move(action.peerinfo), shown, place_of(action.tickets));
  welcome(task, room, action.tickets);
  if (room.find_member(request.from)->is_owner) candidates_.show_to_new_owners(task, room);
  return true;
}

void Entrance::let_in(Task& task, Room& room, room_action::Join& action) {
  const PeerId& newcomer = task.request.from;
  if (room.find_request(newcomer)) candidates_.withdraw(task, room);
  room.admit(newcomer, std::move(action.peerinfo), place_of(action.tickets));
  welcome(task, room, action.tickets);
}

}  // namespace heliograph::signaling
