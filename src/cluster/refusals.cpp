// What was refused because it waited too long, and may have been carried out all the same.
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "cluster/shared_rooms.hpp"

namespace heliograph::cluster {

using signaling::PeerId;

void SharedRooms::refuse(const RoomTask& task) {
  for (signaling::WorkerMessage& message : refusal_messages(task, settings_.node)) {
    node_.tell_at_once(sender_of(task), std::move(message));
  }
}

// It may be carried out all the same. Where that lets its sender in, nothing of the room is for it
// before it is out again, nor what else it asked in the same go.
void SharedRooms::refuse_under_way(Entry entry, std::size_t index) {
  Queue& queue = entry->second;
  const Transaction& transaction = *queue.transaction;
  const std::uint64_t serial = transaction.commit.serial;
  Work& work = queue.works[index];
  work.is_refused = true;
  refuse(work.task);
  const PeerId sender = sender_of(work.task);
  if (report_passed_on(work.task)) reported_.emplace(serial, sender);
  if (awaited_answer(work.task) != AwaitedAnswer::kToEntry) return;
  if (peers_here(queue.known).contains(sender)) {
    refused_entries_.emplace(serial, sender);
    return;
  }
  shut_out_.emplace(std::tuple(entry->first, sender, serial), false);
  for (std::size_t i = index + 1; i < transaction.works; ++i) {
    const Work& later = queue.works[i];
    const bool waits = later.deadline != base::TimePoint::max();
    if (waits && !later.is_refused && sender_of(later.task) == sender) refuse_under_way(entry, i);
  }
}

// What was refused does not hold back what its sender says next. Whether it would have.
bool SharedRooms::report_passed_on(const RoomTask& task) {
  const std::optional<signaling::PassedOn> report = passed_on(task);
  if (report) node_.tell_at_once(report->to, *report);
  return report.has_value();
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
