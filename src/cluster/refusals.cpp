// What was refused because it waited too long, and may have been carried out all the same.
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <variant>

#include "cluster/shared_rooms.hpp"
#include "signaling/event.hpp"

namespace heliograph::cluster {

using signaling::Answers;
using signaling::Error;
using signaling::Membership;
using signaling::PassedOn;
using signaling::PeerId;
using signaling::RemoteRelay;
using signaling::RoomRequest;
namespace action = signaling::room_action;

namespace {

PeerId sender_of(const SharedRooms::Asked& asked) {
  if (const auto* request = std::get_if<RoomRequest>(&asked)) return request->from;
  if (const auto* vacated = std::get_if<signaling::Vacated>(&asked)) return vacated->request.from;
  return std::get<RemoteRelay>(asked).from;
}

}  // namespace

bool SharedRooms::is_entry(const RoomRequest& request) {
  return std::holds_alternative<action::Create>(request.action) ||
         std::holds_alternative<action::Join>(request.action);
}

void SharedRooms::refuse(const Asked& asked) {
  constexpr Error kError = Error::kClusterUnavailable;
  if (const auto* relay = std::get_if<RemoteRelay>(&asked)) {
    // Node watches over those that lead to other nodes until they are answered from there.
    if (relay->to.home.node != settings_.node) return;
    return tell(signaling::refusal_of(*relay, {.error = kError}), relay->from);
  }
  const auto& request = std::get<RoomRequest>(asked);
  const bool creates = std::holds_alternative<action::Create>(request.action);
  if (is_entry(request)) {
    const std::string_view name = creates ? "room-create-reject" : "room-join-reject";
    settle(request, Answers::kEntry, signaling::message_event(name, kError, request.payload));
  } else if (std::holds_alternative<action::Leave>(request.action)) {
    settle(request, Answers::kLeave, {});
  }
  tell(signaling::refusal_of(request, {.error = kError}), request.from);
}

// It may be carried out all the same. Where that lets its sender in, nothing of the room is for it
// before it is out again, nor what else it asked in the same go.
void SharedRooms::refuse_under_way(Entry entry, std::size_t index) {
  Queue& queue = entry->second;
  const Transaction& transaction = *queue.transaction;
  const std::uint64_t serial = transaction.commit.serial;
  Work& work = queue.works[index];
  work.is_refused = true;
  refuse(work.asked);
  const PeerId sender = sender_of(work.asked);
  if (report_passed_on(work.asked)) reported_.emplace(serial, sender);
  const auto* request = std::get_if<RoomRequest>(&work.asked);
  if (!request || !is_entry(*request)) return;
  if (peers_here(queue.known).contains(sender)) {
    refused_entries_.emplace(serial, sender);
    return;
  }
  shut_out_.emplace(std::tuple(entry->first, sender, serial), false);
  for (std::size_t i = index + 1; i < transaction.works; ++i) {
    const Work& later = queue.works[i];
    const bool waits = later.deadline != base::TimePoint::max();
    if (waits && !later.is_refused && sender_of(later.asked) == sender) refuse_under_way(entry, i);
  }
}

void SharedRooms::settle(const RoomRequest& request, Answers answers, std::string event) {
  node_.tell_at_once(request.from, signaling::RoomUpdate{.to = {request.from},
                                                         .room = request.room,
                                                         .membership = Membership::kUnchanged,
                                                         .answers = answers,
                                                         .event = std::move(event),
                                                         .attachments = request.attachments});
}

void SharedRooms::tell(Told refusal, const PeerId& to) {
  if (!refusal) return;
  std::visit([&](auto& message) { node_.tell_at_once(to, std::move(message)); }, *refusal);
}

// What was refused does not hold back what its sender says next. Whether it would have.
bool SharedRooms::report_passed_on(const Asked& asked) {
  const auto* request = std::get_if<RoomRequest>(&asked);
  if (request && !request->wants_passed_on) return false;
  if (std::holds_alternative<signaling::Vacated>(asked)) return false;
  const std::string room = request ? request->room : std::get<RemoteRelay>(asked).room;
  const PeerId sender = sender_of(asked);
  node_.tell_at_once(sender, PassedOn{sender, room});
  return true;
}

// The transaction has failed. Works that were refused meanwhile, or that go on without it, are
// dropped with it.
void SharedRooms::drop_refused(Entry entry) {
  Queue& queue = entry->second;
  const std::uint64_t serial = queue.transaction->commit.serial;
  const auto is_of_it = [&](const auto& item) { return item.first == serial; };
  std::erase_if(refused_entries_, is_of_it);
  std::erase_if(reported_, is_of_it);
  std::erase_if(shut_out_, [&](const auto& item) {
    const auto& [room, peer, its_serial] = item.first;
    return room == entry->first && its_serial == serial;
  });
  queue.transaction.reset();
  std::erase_if(queue.works, [](const Work& work) { return work.is_refused || work.goes_on; });
}

bool SharedRooms::take_refused_entry(std::uint64_t serial, const PeerId& peer) {
  return take(refused_entries_, {serial, peer});
}

bool SharedRooms::take_reported(std::uint64_t serial, const PeerId& peer) {
  return take(reported_, {serial, peer});
}

bool SharedRooms::take(Refused& refused, const std::pair<std::uint64_t, PeerId>& item) {
  const auto found = refused.find(item);
  if (found == refused.end()) return false;
  refused.erase(found);
  return true;
}

void SharedRooms::hear_of_commit(std::uint64_t serial) {
  for (auto& [item, has_come_by] : shut_out_) {
    if (std::get<2>(item) == serial) has_come_by = true;
  }
}

bool SharedRooms::is_shut_out(const std::string& room, const PeerId& peer) const {
  for (auto found = shut_out_.lower_bound({room, peer, 0}); found != shut_out_.end(); ++found) {
    const auto& [its_room, its_peer, serial] = found->first;
    if (its_room != room || its_peer != peer) return false;
    if (found->second) return true;
  }
  return false;
}

void SharedRooms::hear_of_gone(const std::string& room, const PeerId& peer, std::uint64_t serial) {
  shut_out_.erase(shut_out_.lower_bound({room, peer, 0}),
                  shut_out_.lower_bound({room, peer, serial}));
}

}  // namespace heliograph::cluster
