#include "cluster/after_loss.hpp"

#include <utility>

#include "cluster/deliveries.hpp"
#include "cluster/room_record.hpp"
#include "signaling/worker_message.hpp"

namespace heliograph::cluster {
namespace {

using signaling::Membership;
using signaling::PeerId;

// A batch for any node.
std::string news_of_restored(const std::string& room, const BatchOrigin& origin) {
  signaling::RoomUpdate for_nobody;
  for_nobody.room = room;
  Deliveries news(origin);
  news.add({}, for_nobody);
  return std::move(news.take().front().batch);
}

// The room goes back to the version that somebody has restored. If that is not the version that
// this node's peers were told of, they were told what does not hold. If others had changed the room
// just before, this node does not know how far its peers were told: by one change at least.
bool is_of_another_history(const KnownRoom& known, const StoredRoom& stored) {
  if (known.loss == Loss::kKnewOlder) {
    return count_of(stored.restored) <= count_of(known.stored.version);
  }
  return stored.restored != known.stored.restored;
}

// The memberships that this node's peers were told of last.
Memberships memberships_told(const KnownRoom& known, std::uint32_t node) {
  Memberships memberships = peers_on(node, known.stored);
  for (const auto& [peer, membership] : known.told) memberships[peer] = membership;
  std::erase_if(memberships, [](const auto& item) { return item.second == Membership::kNone; });
  return memberships;
}

std::vector<PeerId> all_told(const KnownRoom& known, std::uint32_t node) {
  std::vector<PeerId> peers;
  for (const auto& [peer, membership] : memberships_told(known, node)) peers.push_back(peer);
  return peers;
}

// Peers that have lost a place without being told so: others may have taken this node for dead.
std::vector<PeerId> displaced(const KnownRoom& known, const StoredRoom& stored,
                              std::uint32_t node) {
  const Memberships memberships = peers_on(node, stored);
  std::vector<PeerId> peers;
  for (const auto& [peer, membership] : memberships_told(known, node)) {
    const auto found = memberships.find(peer);
    if (found == memberships.end() || found->second < membership) peers.push_back(peer);
  }
  return peers;
}

}  // namespace

bool is_to_restore(KnownRoom& known, const std::set<Doubt>& under_way, std::uint32_t node) {
  if (!concerns(node, known.stored)) return false;
  if (known.doubts.contains(Doubt::kChanged) || under_way.contains(Doubt::kChanged)) {
    known.doubts.insert(Doubt::kRestored);
    known.loss = Loss::kKnewOlder;
    return false;
  }
  known.stored.restored = known.stored.version;
  return true;
}

Commit restoring_commit(const std::string& room, const StoredRoom& known,
                        const BatchOrigin& origin) {
  const std::set<std::uint32_t> nodes = nodes_of(room_of(known.fields));
  Commit commit{.room = room,
                .serial = origin.serial,
                .version = known.version,
                .new_version = known.version,
                .change = difference({}, known.fields),
                .joined = {nodes.begin(), nodes.end()},
                .left = {},
                .gone = {},
                .deliveries = {},
                .life = Commit::Life::kGoesOn,
                .news = news_of_restored(room, origin),
                .restores = true,
                .deadline = base::TimePoint::max()};
  for (const std::uint32_t node : nodes) {
    if (node != origin.node) commit.deliveries.push_back({node, commit.news});
  }
  return commit;
}

std::vector<PeerId> misled_by_replacement(const KnownRoom& known, const StoredRoom& stored,
                                          std::uint32_t node) {
  const bool is_other = is_of_another_history(known, stored);
  return is_other ? all_told(known, node) : displaced(known, stored, node);
}

std::vector<PeerId> misled_by_others(const KnownRoom& known, const StoredRoom& stored,
                                     std::uint32_t node) {
  switch (known.loss) {
    case Loss::kNone:
      return {};
    case Loss::kRestoredByOthers:
      return is_of_another_history(known, stored) ? all_told(known, node) : std::vector<PeerId>{};
    case Loss::kKnewOlder:
      return misled_by_replacement(known, stored, node);
  }
  return {};
}

}  // namespace heliograph::cluster
