#include "signaling/departures.hpp"

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "signaling/event.hpp"
#include "signaling/room_events.hpp"

namespace heliograph::signaling {

void Departures::leave(Task& task, Room* room, const room_action::Leave& action) {
  const RoomRequest& request = task.request;
  const Membership was = membership_in(room, request.from);
  if (!action.has_gone) task.settle(Answers::kLeave, Membership::kNone, {});
  if (was == Membership::kNone && action.is_repeated) return task.acknowledge(ok_arguments());
  if (was == Membership::kNone) return task.refuse(Error::kNotInRoom);
  if (was == Membership::kPending) {
    candidates_.withdraw(task, *room);
  } else {
    take_out(task, *room, {&request.from, 1}, action.has_gone ? Places::kKeep : Places::kForget);
  }
  task.acknowledge(ok_arguments());
}

void Departures::take_out(Task& task, Room& room, std::span<const PeerId> peers, Places places) {
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
    return may_return ? wait_for_return(task, room) : close(task, room);
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
  candidates_.show_to_new_owners(task, room);
}

void Departures::take_out_gone(Task& task, Room& room,
                               const std::function<bool(const PeerId&)>& has_gone, Places places) {
  std::vector<PeerId> owners = room.owners();
  std::erase_if(owners, has_gone);
  candidates_.drop_gone(task, room, has_gone, owners);
  std::vector<PeerId> gone = room.peers();
  std::erase_if(gone, [&](const PeerId& peer) { return !has_gone(peer); });
  if (!gone.empty()) take_out(task, room, gone, places);
}

void Departures::wait_for_return(Task& task, Room& room) {
  if (!lingering_.are_kept()) return close(task, room);
  const auto* const gone = std::get_if<room_action::NodeGone>(&task.request.action);
  const std::uint32_t node = gone ? gone->remover : task.request.from.home.node;
  room.linger({.node = node, .number = serials_.next()});
  lingering_.add(task.request.room, room.lingering().number, task.now);
}

void Departures::close(Task& task, const Room& room) {
  candidates_.reject_all(task, room);
  task.ends_room = true;
}

}  // namespace heliograph::signaling
