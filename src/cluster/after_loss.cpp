// What becomes of rooms where the store has lost what it held.
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "cluster/shared_rooms.hpp"

namespace heliograph::cluster {

using signaling::Membership;
using signaling::PeerId;

void SharedRooms::hear_of_restored(const std::string& room, base::TimePoint now) {
  const auto entry = queues_.try_emplace(room).first;
  entry->second.must_look = true;
  entry->second.was_restored = true;
  proceed(entry, now);
}

// A commit under way goes on as it is: what it was computed from is what is restored first.
void SharedRooms::restore() {
  std::set<std::uint64_t> under_way;
  for (const auto& [name, queue] : queues_) {
    if (queue.transaction) under_way.insert(queue.transaction->commit.serial);
  }
  refusals_.forget_shut_out_except(under_way);
  for (auto& [name, queue] : queues_) {
    const std::set<std::uint32_t> nodes = nodes_of(room_of(queue.known.fields));
    if (!nodes.contains(settings_.node)) continue;
    const bool is_of_stale = queue.transaction && queue.transaction->is_of_stale;
    if (queue.is_stale || is_of_stale) {
      queue.must_look = true;
      queue.was_restored = true;
      queue.knew_older = true;
      continue;
    }
    queue.known.restored = queue.known.version;
    const std::uint64_t serial = node_.next_serial();
    Commit commit{.room = name,
                  .serial = serial,
                  .version = queue.known.version,
                  .new_version = queue.known.version,
                  .change = difference({}, queue.known.fields),
                  .joined = {nodes.begin(), nodes.end()},
                  .left = {},
                  .gone = {},
                  .deliveries = {},
                  .life = Commit::Life::kGoesOn,
                  .news = news_of_restored(name, serial),
                  .restores = true,
                  .deadline = base::TimePoint::max()};
    for (const std::uint32_t node : nodes) {
      if (node != settings_.node) commit.deliveries.push_back({node, commit.news});
    }
    node_.commit(commit);
  }
}

// A batch for whichever node.
std::string SharedRooms::news_of_restored(const std::string& room, std::uint64_t serial) const {
  signaling::RoomUpdate for_nobody;
  for_nobody.room = room;
  Deliveries news(origin_of(serial));
  news.add({}, for_nobody);
  return std::move(news.take().front().batch);
}

void SharedRooms::replace(const std::string& room, StoredRoom stored) {
  const auto entry = queues_.find(room);
  if (entry == queues_.end()) return;
  if (is_misled(entry->second, stored)) {
    send_all_away(entry->second);
  } else {
    send_displaced_away(entry->second, stored);  // as others may have taken this node for dead
  }
  if (!entry->second.transaction) learn(entry, std::move(stored));
}

// What became of the room since goes back to the version that somebody has restored. Where that is
// not the one that this node's peers were told of, they know what does not hold. Of rooms that
// others had changed just before, the node does not know how far its peers were told: one change at
// least.
bool SharedRooms::is_misled(const Queue& queue, const StoredRoom& stored) {
  if (queue.knew_older) return count_of(stored.restored) <= count_of(queue.known.version);
  return stored.restored != queue.known.restored;
}

void SharedRooms::send_all_away(const Queue& queue) {
  for (const auto& [peer, place] : places_told(queue)) node_.disconnect(peer);
}

// Those who are not where they were, and cannot have been told how that came.
void SharedRooms::send_displaced_away(const Queue& queue, const StoredRoom& stored) {
  const Places places = peers_here(stored);
  for (const auto& [peer, place] : places_told(queue)) {
    const auto found = places.find(peer);
    const bool has_lost_its_place = found == places.end() || found->second < place;
    if (has_lost_its_place) node_.disconnect(peer);
  }
}

// Where this node's peers take themselves to be.
SharedRooms::Places SharedRooms::places_told(const Queue& queue) const {
  Places places = peers_here(queue.known);
  for (const auto& [peer, membership] : queue.told) places[peer] = membership;
  std::erase_if(places, [](const auto& item) { return item.second == Membership::kNone; });
  return places;
}

}  // namespace heliograph::cluster
