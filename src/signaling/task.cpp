#include "signaling/task.hpp"

#include <cstdint>
#include <utility>

#include "signaling/room_events.hpp"

namespace heliograph::signaling {

void Task::acknowledge(std::string arguments) {
  if (request.ack) {
    effects.emplace_back(Acknowledgement{request.from, *request.ack, std::move(arguments)});
  }
}

void Task::refuse(const Refusal& refusal) {
  if (auto told = refusal_of(request, refusal)) {
    std::visit([&](auto& message) { effects.emplace_back(std::move(message)); }, *told);
  }
}

void Task::refuse(Error error) { refuse(Refusal{.error = error}); }

void Task::settle(Answers answers, Membership membership, std::string event) {
  effects.emplace_back(RoomUpdate{.to = {request.from},
                                  .room = request.room,
                                  .membership = membership,
                                  .answers = answers,
                                  .event = std::move(event),
                                  .attachments = request.attachments});
}

void Task::update(std::vector<PeerId> to, Membership membership, std::string event,
                  SharedAttachments attachments) {
  if (to.empty()) return;
  effects.emplace_back(RoomUpdate{.to = std::move(to),
                                  .room = request.room,
                                  .membership = membership,
                                  .answers = Answers::kNone,
                                  .event = std::move(event),
                                  .attachments = std::move(attachments)});
}

void Task::tell_of_stranger(std::vector<PeerId> owners, const Stranger& stranger, std::string event,
                            SharedAttachments attachments) {
  if (owners.empty()) return;
  effects.emplace_back(RoomUpdate{.to = std::move(owners),
                                  .room = request.room,
                                  .membership = Membership::kMember,
                                  .answers = Answers::kNone,
                                  .event = std::move(event),
                                  .attachments = std::move(attachments),
                                  .stranger = stranger});
}

void Task::announce(Room& room, const PeerId& newcomer, Raw payload,
                    const SharedAttachments& attachments) {
  update(room.members_except(newcomer), Membership::kMember,
         room_user_join(request.room, *room.find_member(newcomer), payload), attachments);
}

void Task::note_members(std::size_t members) {
  for (RoomEffect& effect : effects) {
    if (auto* update = std::get_if<RoomUpdate>(&effect)) {
      update->members = static_cast<std::uint32_t>(members);
    }
  }
}

Membership membership_in(Room* room, const PeerId& peer) {
  if (!room) return Membership::kNone;
  if (room->find_member(peer)) return Membership::kMember;
  return room->find_request(peer) ? Membership::kPending : Membership::kNone;
}

}  // namespace heliograph::signaling
