#include "cluster/known_room.hpp"

#include <optional>
#include <utility>

#include "signaling/room.hpp"

namespace heliograph::cluster {
namespace {

using signaling::Membership;
using signaling::PeerId;

// Of a loss, the store has told all that there is to know.
void settle(KnownRoom& known) {
  known.loss = Loss::kNone;
  if (!known.doubts.contains(Doubt::kChanged)) known.told.clear();
}

}  // namespace

Memberships peers_on(std::uint32_t node, const StoredRoom& stored) {
  Memberships peers;
  const std::optional<signaling::Room> room = room_of(stored.fields);
  if (!room) return peers;
  for (const signaling::Member& member : room->members()) {
    peers[member.peer] = Membership::kMember;
  }
  for (const signaling::JoinRequest* request : room->requests()) {
    peers[request->candidate] = Membership::kPending;
  }
  std::erase_if(peers, [&](const auto& item) { return item.first.home.node != node; });
  return peers;
}

bool concerns(std::uint32_t node, const StoredRoom& stored) {
  return nodes_of(room_of(stored.fields)).contains(node);
}

void on_change(KnownRoom& known, const signaling::RoomUpdate& update) {
  known.doubts.insert(Doubt::kChanged);
  if (update.membership == Membership::kUnchanged) return;
  for (const PeerId& peer : update.to) known.told[peer] = update.membership;
}

void on_restored(KnownRoom& known) {
  known.doubts.insert(Doubt::kRestored);
  if (known.loss == Loss::kNone) known.loss = Loss::kRestoredByOthers;
}

void note_commit(KnownRoom& known, std::string version, RoomFields fields) {
  settle(known);
  known.stored.version = std::move(version);
  known.stored.fields = std::move(fields);
}

std::vector<PeerId> learn(KnownRoom& known, StoredRoom stored, std::uint32_t node) {
  const Memberships expected = peers_on(node, known.stored);
  settle(known);
  known.stored = std::move(stored);
  std::vector<PeerId> unexpected;
  for (const auto& [peer, membership] : peers_on(node, known.stored)) {
    if (!expected.contains(peer)) unexpected.push_back(peer);
  }
  return unexpected;
}

}  // namespace heliograph::cluster
