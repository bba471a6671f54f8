#include "signaling/candidates.hpp"

#include <map>
#include <string>
#include <utility>

#include "signaling/event.hpp"
#include "signaling/room_events.hpp"

namespace heliograph::signaling {
namespace {

// To the owners, who have not been shown the request as it is now.
void show_request(Task& task, const Room& room, JoinRequest& request) {
  const bool is_known = std::exchange(request.shown, Shown::kYes) != Shown::kNo;
  const auto news = is_known ? Stranger::News::kAgain : Stranger::News::kFirst;
  task.tell_of_stranger(room.owners(), {request.candidate, news},
                        about_peer("room-join-request", task.request.room, request.candidate,
                                   request.peerinfo, request.payload),
                        request.attachments);
}

// To owners: the candidate waits no longer.
void cancel(Task& task, std::vector<PeerId> owners, const JoinRequest& request) {
  if (request.shown == Shown::kNo) return;
  task.tell_of_stranger(std::move(owners), {request.candidate, Stranger::News::kNoMore},
                        about_peer("room-join-cancel", task.request.room, request.candidate));
}

// To the candidate, with its own payload.
void reject(Task& task, const JoinRequest& request, Error why) {
  task.update({request.candidate}, Membership::kNone,
              room_join_reject(task.request.room, request.candidate, why, request.payload),
              request.attachments);
}

}  // namespace

void Candidates::ask(Task& task, Room& room, room_action::Join& action) {
  RoomRequest& request = task.request;
  const JoinRequest* earlier = room.find_request(request.from);
  const bool asks_now = !earlier || earlier->may_ask_at() <= task.now;
  const Shown was_shown = earlier ? earlier->shown : Shown::kNo;
  JoinRequest asked{request.from,
                    std::move(action.peerinfo),
                    std::move(request.payload),
                    request.attachments,
                    earlier ? earlier->serial : serials_.next(),
                    base::counted_as(request.address),
                    asks_now ? task.now : earlier->asked_at,
                    was_shown == Shown::kYes ? Shown::kAnEarlier : was_shown,
                    std::move(action.tickets)};
  if (!earlier) make_room_for_one(task, room);
  if (!earlier) timeouts_.begin({asked.serial, request.room, request.from}, task.now);
  task.settle(Answers::kEntry, Membership::kPending, {});
  if (asks_now) show_request(task, room, asked);
  room.ask(std::move(asked));
  if (!asks_now && was_shown == Shown::kYes) show_later(task, room, request.from.home.node);
}

void Candidates::make_room_for_one(Task& task, Room& room) {
  while (room.request_count() > 0 && room.request_count() >= max_pending_requests_) {
    const JoinRequest dropped = room.most_dispensable_request();
    drop(room, dropped.candidate);
    reject(task, dropped, Error::kTooManyRequests);
    cancel(task, room.owners(), dropped);
  }
}

void Candidates::answer(Task& task, Room& room, const room_action::AnswerJoin& action) {
  const RoomRequest& request = task.request;
  const bool is_repeated = action.answer == Answer::kAccept && action.candidate != request.from &&
                           room.find_member(action.candidate);
  if (is_repeated) return task.acknowledge(ok_arguments());
  if (!room.find_request(action.candidate)) return task.refuse(Error::kNoJoinRequest);
  if (action.answer == Answer::kReject) {
    turn_away(task, room, action.candidate, Error::kRejectedByOwner);
  } else if (room.is_full()) {
    return task.refuse(Error::kRoomFull);
  } else {
    accept(task, room, action.candidate, request.payload, request.attachments);
  }
  task.acknowledge(ok_arguments());
}

void Candidates::accept(Task& task, Room& room, const PeerId& candidate, Raw payload,
                        const SharedAttachments& attachments) {
  const JoinRequest& asked = *room.find_request(candidate);
  timeouts_.end(asked.serial);
  const SharedTickets tickets = asked.tickets;
  room.admit(candidate);
  task.update({candidate}, Membership::kMember,
              room_join_accept(room, task.request.room, *room.find_member(candidate),
                               fresh_of(tickets), payload),
              attachments);
  task.announce(room, candidate, payload, attachments);
}

void Candidates::admit_all(Task& task, Room& room) {
  for (const JoinRequest* waiting : room.requests()) {
    if (room.is_full()) return;
    const JoinRequest asked = *waiting;
    accept(task, room, asked.candidate, asked.payload, asked.attachments);
  }
}

void Candidates::turn_away(Task& task, Room& room, const PeerId& candidate, Error why) {
  const RoomRequest& request = task.request;
  drop(room, candidate);
  task.update({candidate}, Membership::kNone,
              room_join_reject(request.room, candidate, why, request.payload), request.attachments);
}

void Candidates::withdraw(Task& task, Room& room) {
  const PeerId& candidate = task.request.from;
  cancel(task, room.owners(), *room.find_request(candidate));
  drop(room, candidate);
}

void Candidates::time_out(Task& task, Room& room, std::uint64_t serial) {
  const PeerId& candidate = task.request.from;
  const JoinRequest* const asked = room.find_request(candidate);
  if (!asked || asked->serial != serial) return;
  reject(task, *asked, Error::kJoinRequestTimeout);
  cancel(task, room.owners(), *asked);
  drop(room, candidate);
}

void Candidates::reject_all(Task& task, const Room& room) {
  for (const JoinRequest* asked : room.requests()) {
    reject(task, *asked, Error::kRoomNotFound);
    timeouts_.end(asked->serial);
  }
}

void Candidates::drop_gone(Task& task, Room& room,
                           const std::function<bool(const PeerId&)>& has_gone,
                           const std::vector<PeerId>& owners) {
  for (const JoinRequest* asked : room.requests()) {
    if (!has_gone(asked->candidate)) continue;
    cancel(task, owners, *asked);
    drop(room, PeerId(asked->candidate));
  }
}

void Candidates::drop(Room& room, const PeerId& candidate) {
  const JoinRequest* asked = room.find_request(candidate);
  if (!asked) return;
  timeouts_.end(asked->serial);
  room.drop_request(candidate);
}

// Owners see what candidates have asked since they were last shown, and a new owner sees those who
// came before.
void Candidates::show(Task& task, Room& room, std::uint32_t node) {
  for (const PeerId& candidate : room.to_be_shown(node, task.now)) {
    JoinRequest& asked = *room.find_request(candidate);
    asked.asked_at = task.now;
    show_request(task, room, asked);
  }
  show_later(task, room, node);
}

// The first ones now, the rest bit by bit.
void Candidates::show_to_new_owners(Task& task, Room& room) {
  std::map<std::uint32_t, PeerId> others;  // one of each node, of those who wait for it
  std::size_t asked = 0;
  for (const JoinRequest* waiting : room.requests()) {
    JoinRequest& request = *room.find_request(waiting->candidate);
    request.shown = Shown::kNo;
    if (asked++ < Room::kPortion) {
      show_request(task, room, request);
    } else {
      others.emplace(request.candidate.home.node, request.candidate);
    }
  }
  for (const auto& [node, candidate] : others) {
    show_later(task, room, node);
    // So that its node looks at the room.
    task.update({candidate}, Membership::kPending, {});
  }
}

void Candidates::show_later(const Task& task, const Room& room, std::uint32_t node) {
  const base::TimePoint next = room.next_showing(node, task.now);
  if (next != base::TimePoint::max()) showings_.note({task.request.room, node}, next);
}

void Candidates::forget_timeouts(const Room& room) {
  for (const JoinRequest* asked : room.requests()) timeouts_.end(asked->serial);
}

std::optional<RoomRequest> Candidates::take_timeout(base::TimePoint now) {
  const auto timeout = timeouts_.take_overdue(now);
  if (!timeout) return std::nullopt;
  RoomRequest request = own_request(timeout->room, room_action::TimeOut{timeout->serial});
  request.from = timeout->candidate;
  return request;
}

std::optional<RoomRequest> Candidates::take_showing(base::TimePoint now) {
  const auto showing = showings_.take_due(now);
  if (!showing) return std::nullopt;
  return own_request(showing->room, room_action::ShowRequests{showing->node});
}

}  // namespace heliograph::signaling
