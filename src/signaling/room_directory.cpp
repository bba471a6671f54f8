#include "signaling/room_directory.hpp"

#include <utility>

#include "base/json.hpp"

namespace heliograph::signaling {
namespace {

using Effects = std::vector<RoomEffect>;

void acknowledge(const RoomRequest& request, std::string arguments, Effects& effects) {
  if (request.ack) {
    effects.emplace_back(Acknowledgement{request.from, *request.ack, std::move(arguments)});
  }
}

void refuse(const RoomRequest& request, Error error, Effects& effects) {
  if (request.ack) acknowledge(request, error_arguments(error), effects);
}

void update(Effects& effects, std::vector<PeerId> to, const std::string& room,
            Membership membership, std::string event, SharedAttachments attachments = {}) {
  if (to.empty()) return;
  effects.emplace_back(RoomUpdate{.to = std::move(to),
                                  .room = room,
                                  .membership = membership,
                                  .settles = false,
                                  .event = std::move(event),
                                  .attachments = std::move(attachments)});
}

// The one answer to a Create or Join.
void settle(Effects& effects, const RoomRequest& request, Membership membership,
            std::string event) {
  effects.emplace_back(RoomUpdate{.to = {request.from},
                                  .room = request.room,
                                  .membership = membership,
                                  .settles = true,
                                  .event = std::move(event),
                                  .attachments = request.attachments});
}

// room-join-request, room-user-join and room-user-leave: {room, peer_id, peerinfo?, payload?}
std::string about_peer(std::string_view name, const std::string& room, const PeerId& peer,
                       Raw peerinfo, Raw payload = {}) {
  std::string event;
  EventWriter(event, name)
      .text("room", room)
      .id("peer_id", peer)
      .optional_raw("peerinfo", peerinfo)
      .optional_raw("payload", payload)
      .end();
  return event;
}

std::string join_reject(const std::string& room, const PeerId& candidate, Error why, Raw payload) {
  std::string event;
  EventWriter(event, "room-join-reject")
      .text("room", room)
      .id("peer_id", candidate)
      .text("message", text(why).message)
      .optional_raw("payload", payload)
      .end();
  return event;
}

// The members other than the candidate, and what each said of itself.
std::string join_accept(const Room& room, const std::string& name, const PeerId& candidate,
                        Raw payload) {
  std::string peers = "[";
  std::string peersinfo = "{";
  for (const Member& member : room.members()) {
    if (member.peer == candidate) continue;
    const PeerIdText id(member.peer);
    if (peers.size() > 1) peers += ',';
    ((peers += '"') += id) += '"';
    if (member.peerinfo.empty()) continue;
    if (peersinfo.size() > 1) peersinfo += ',';
    (((peersinfo += '"') += id) += "\":") += member.peerinfo;
  }
  std::string event;
  EventWriter(event, "room-join-accept")
      .text("room", name)
      .id("peer_id", candidate)
      .raw("peers", peers += ']')
      .raw("peersinfo", peersinfo += '}')
      .optional_raw("payload", payload)
      .end();
  return event;
}

void ask_owners(Effects& effects, const Room& room, const std::string& name,
                const JoinRequest& request) {
  update(
      effects, room.owners(), name, Membership::kMember,
      about_peer("room-join-request", name, request.candidate, request.peerinfo, request.payload),
      request.attachments);
}

void accept(Room& room, const RoomRequest& request, const PeerId& candidate, Effects& effects) {
  room.admit(candidate);
  update(effects, {candidate}, request.room, Membership::kMember,
         join_accept(room, request.room, candidate, request.payload), request.attachments);
  update(effects, room.members_except(candidate), request.room, Membership::kMember,
         about_peer("room-user-join", request.room, candidate,
                    room.find_member(candidate)->peerinfo, request.payload),
         request.attachments);
  acknowledge(request, ok_arguments(), effects);
}

}  // namespace

std::vector<RoomEffect> RoomDirectory::handle(RoomRequest request, base::TimePoint now) {
  Effects effects;
  if (auto* created = std::get_if<room_action::Create>(&request.action)) {
    create(request, *created, effects);
  } else if (auto* joined = std::get_if<room_action::Join>(&request.action)) {
    join(request, *joined, now, effects);
  } else if (auto* answered = std::get_if<room_action::AnswerJoin>(&request.action)) {
    answer(request, *answered, effects);
  } else if (auto* changed = std::get_if<room_action::ChangePeerinfo>(&request.action)) {
    change_peerinfo(request, *changed);
  } else {
    leave(request, effects);
  }
  return effects;
}

void RoomDirectory::create(const RoomRequest& request, room_action::Create& action,
                           Effects& effects) {
  if (Room* taken = find(request.room)) {
    const Membership membership = taken->find_member(request.from)    ? Membership::kMember
                                  : taken->find_request(request.from) ? Membership::kPending
                                                                      : Membership::kNone;
    settle(effects, request, membership,
           message_event("room-create-reject", Error::kRoomTaken, request.payload));
    return refuse(request, Error::kRoomTaken, effects);
  }
  rooms_.emplace(request.room, Room(request.from, std::move(action.peerinfo)));
  std::string event;
  EventWriter(event, "room-create-accept")
      .text("room", request.room)
      .optional_raw("payload", request.payload)
      .end();
  settle(effects, request, Membership::kMember, std::move(event));
  acknowledge(request, ok_arguments("room", request.room), effects);
}

void RoomDirectory::join(RoomRequest& request, room_action::Join& action, base::TimePoint now,
                         Effects& effects) {
  Room* room = find(request.room);
  const bool is_member = room && room->find_member(request.from);
  if (!room || is_member) {
    const Error error = room ? Error::kAlreadyInRoom : Error::kRoomNotFound;
    settle(effects, request, is_member ? Membership::kMember : Membership::kNone,
           message_event("room-join-reject", error, request.payload));
    return refuse(request, error, effects);
  }
  // Who asks again has the owners asked again, within the time that began when it first asked.
  const JoinRequest* earlier = room->find_request(request.from);
  JoinRequest asked{request.from, std::move(action.peerinfo), std::move(request.payload),
                    request.attachments, earlier ? earlier->serial : next_serial_++};
  if (!earlier) timeouts_[asked.serial] = {now + timeout_, request.room, request.from};
  effects.emplace_back(RoomUpdate{.to = {request.from},
                                  .room = request.room,
                                  .membership = Membership::kPending,
                                  .settles = true,
                                  .event = {},
                                  .attachments = {}});
  ask_owners(effects, *room, request.room, asked);
  room->ask(std::move(asked));
  acknowledge(request, ok_arguments("room", request.room), effects);
}

void RoomDirectory::answer(const RoomRequest& request, const room_action::AnswerJoin& action,
                           Effects& effects) {
  Room* room = find(request.room);
  if (!room) return refuse(request, Error::kRoomNotFound, effects);
  const Member* owner = room->find_member(request.from);
  if (!owner || !owner->is_owner) return refuse(request, Error::kNotOwner, effects);
  const JoinRequest* asked = room->find_request(action.candidate);
  if (!asked) return refuse(request, Error::kNoJoinRequest, effects);
  timeouts_.erase(asked->serial);
  if (action.answer == Answer::kAccept) return accept(*room, request, action.candidate, effects);
  room->drop_request(action.candidate);
  update(effects, {action.candidate}, request.room, Membership::kNone,
         join_reject(request.room, action.candidate, Error::kRejectedByOwner, request.payload),
         request.attachments);
  acknowledge(request, ok_arguments(), effects);
}

void RoomDirectory::change_peerinfo(const RoomRequest& request,
                                    const room_action::ChangePeerinfo& action) {
  Room* room = find(request.room);
  if (!room) return;
  if (Member* member = room->find_member(request.from)) member->peerinfo = action.peerinfo;
  if (JoinRequest* asked = room->find_request(request.from)) asked->peerinfo = action.peerinfo;
}

void RoomDirectory::leave(const RoomRequest& request, Effects& effects) {
  Room* room = find(request.room);
  if (!room) return;
  drop_request(*room, request.from);
  const Room::Departure departure = room->remove(request.from);
  if (!departure.was_member) return;
  if (room->is_empty()) return close_room(request.room, *room, effects);

  const std::vector<PeerId> remaining = room->members_except(request.from);
  update(effects, remaining, request.room, Membership::kMember,
         about_peer("room-user-leave", request.room, request.from, departure.member.peerinfo));
  if (!departure.owner_changed) return;
  std::string event;
  EventWriter(event, "room-owner-change")
      .text("room", request.room)
      .id("peer_id", room->owners().front())
      .end();
  update(effects, remaining, request.room, Membership::kMember, std::move(event));
  for (const JoinRequest* asked : room->requests()) {
    ask_owners(effects, *room, request.room, *asked);
  }
}

void RoomDirectory::close_room(const std::string& name, const Room& room, Effects& effects) {
  for (const JoinRequest* asked : room.requests()) {
    update(effects, {asked->candidate}, name, Membership::kNone,
           join_reject(name, asked->candidate, Error::kRoomNotFound, asked->payload),
           asked->attachments);
    timeouts_.erase(asked->serial);
  }
  rooms_.erase(name);
}

void RoomDirectory::drop_request(Room& room, const PeerId& candidate) {
  const JoinRequest* asked = room.find_request(candidate);
  if (!asked) return;
  timeouts_.erase(asked->serial);
  room.drop_request(candidate);
}

std::vector<RoomEffect> RoomDirectory::expire(base::TimePoint now) {
  Effects effects;
  while (!timeouts_.empty() && deadline() <= now) {
    const Timeout timeout = std::move(timeouts_.begin()->second);
    Room& room = *find(timeout.room);
    const JoinRequest& asked = *room.find_request(timeout.candidate);
    update(effects, {timeout.candidate}, timeout.room, Membership::kNone,
           join_reject(timeout.room, timeout.candidate, Error::kJoinRequestTimeout, asked.payload),
           asked.attachments);
    drop_request(room, timeout.candidate);
  }
  return effects;
}

base::TimePoint RoomDirectory::deadline() const {
  return timeouts_.empty() ? base::TimePoint::max() : timeouts_.begin()->second.when;
}

Room* RoomDirectory::find(std::string_view name) {
  const auto found = rooms_.find(name);
  return found == rooms_.end() ? nullptr : &found->second;
}

}  // namespace heliograph::signaling
