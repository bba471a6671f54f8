#include "signaling/peers.hpp"

#include <algorithm>

namespace heliograph::signaling {

Relation* Peer::find(std::string_view room) {
  for (Relation& relation : relations) {
    if (relation.room == room) return &relation;
  }
  return nullptr;
}

bool Peer::is_member(std::string_view room) {
  const Relation* relation = find(room);
  return relation && relation->membership == Membership::kMember && relation->leaving == 0;
}

std::size_t Peer::pending_bytes() const {
  std::size_t bytes = 0;
  for (const Relation& relation : relations) bytes += relation.pending_bytes;
  return bytes;
}

// Of a room, its home keeps the name, the member and what the member says of itself.
std::size_t Peer::held_bytes() const {
  constexpr std::size_t kPeerBytes = 256;
  constexpr std::size_t kRelationBytes = 512;
  std::size_t bytes = kPeerBytes + peerinfo.size();
  for (const Relation& relation : relations) {
    bytes += kRelationBytes + 3 * relation.room.size() + peerinfo.size() + relation.pending_bytes;
  }
  return bytes;
}

void Peer::forget(std::string_view room) {
  std::erase_if(relations, [&](const Relation& relation) { return relation.room == room; });
}

Peer& Peers::add(std::uint64_t nonce) {
  auto slot = static_cast<std::uint32_t>(slots_.size());
  if (free_.empty()) {
    slots_.emplace_back();
  } else {
    slot = free_.back();
    free_.pop_back();
  }
  slots_[slot] = std::make_unique<Peer>();
  slots_[slot]->id = {home_, slot, nonce & kNonceMask};
  return *slots_[slot];
}

Peer* Peers::find(const PeerId& id) {
  if (id.home != home_ || id.slot >= slots_.size()) return nullptr;
  Peer* peer = slots_[id.slot].get();
  return peer && peer->id.nonce == id.nonce ? peer : nullptr;
}

void Peers::remove(const PeerId& id) {
  if (!find(id)) return;
  slots_[id.slot].reset();
  free_.push_back(id.slot);
}

std::vector<PeerId> Peers::ids() const {
  std::vector<PeerId> ids;
  ids.reserve(size());
  for (const auto& peer : slots_) {
    if (peer) ids.push_back(peer->id);
  }
  return ids;
}

}  // namespace heliograph::signaling
