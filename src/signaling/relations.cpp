#include "signaling/relations.hpp"

#include <algorithm>
#include <functional>
#include <string>

#include "signaling/room_name.hpp"

namespace heliograph::signaling {
namespace {

constexpr Refusal kHiddenCharacters{
    .error = Error::kInvalidArguments,
    .field = "room",
    .problem = "must not hold control characters or marks that change the direction of text"};

}  // namespace

std::vector<Relation> Relations::take_all(Peer& peer) {
  held_bytes_ -= peer.held_bytes();
  std::vector<Relation> relations = std::move(peer.relations);
  if (index_ == Index::kNone) return relations;
  for (const Relation& relation : relations) members_.remove(relation.room, peer.id);
  return relations;
}

void Relations::set_peerinfo(Peer& peer, Raw peerinfo) {
  const Count count(held_bytes_, peer);
  peer.peerinfo = std::string(peerinfo);
}

// A home keeps the latest join request of a peer only, so what counts is the largest.
std::optional<Refusal> Relations::begin_entry(Peer& peer, std::string_view room,
                                              std::size_t pending_bytes) {
  if (room.size() > limits_.max_room_name_bytes) return Refusal{.error = Error::kRoomNameTooLong};
  if (has_hidden_characters(room)) return kHiddenCharacters;
  const Count count(held_bytes_, peer);
  Relation* relation = peer.find(room);
  const std::size_t before = relation ? relation->pending_bytes : 0;
  const std::size_t from_now_on = std::max(before, pending_bytes);
  if (peer.pending_bytes() - before + from_now_on > limits_.max_event_bytes) {
    return Refusal{.error = Error::kEventTooLarge};
  }
  if (!relation) {
    if (peer.relations.size() >= limits_.max_rooms_per_peer) {
      return Refusal{.error = Error::kTooManyRooms};
    }
    relation = &peer.relations.emplace_back();
    relation->room = std::string(room);
  }
  ++relation->unsettled;
  relation->pending_bytes = from_now_on;
  return std::nullopt;
}

void Relations::settle(Peer& peer, Relation& relation, const RoomUpdate& update) {
  const Count count(held_bytes_, peer);
  const bool has_left =
      update.answers == Answers::kLeave && relation.membership != Membership::kNone;
  if (has_left) note_left(peer.id, update.room);
  set_membership(relation, update.membership, peer.id);
  if (update.members > 0) relation.members = update.members;
  if (update.answers == Answers::kEntry && relation.unsettled > 0) --relation.unsettled;
  if (update.answers == Answers::kLeave && relation.leaving > 0) --relation.leaving;
  if (relation.membership != Membership::kPending && relation.unsettled == 0) {
    relation.pending_bytes = 0;
  }
  const bool is_settled = relation.unsettled == 0 && relation.leaving == 0;
  if (relation.membership == Membership::kNone && is_settled) peer.forget(update.room);
}

void Relations::set_membership(Relation& relation, Membership membership, const PeerId& peer) {
  if (membership == Membership::kUnchanged || membership == relation.membership) return;
  relation.membership = membership;
  if (index_ == Index::kNone) return;
  if (membership == Membership::kMember) {
    members_.add(relation.room, peer);
  } else {
    members_.remove(relation.room, peer);
  }
}

void Relations::note_left(const PeerId& peer, std::string_view room) {
  constexpr std::size_t kMostLeft = 1024;
  if (left_.size() == kMostLeft) left_.pop_front();
  left_.emplace_back(peer, std::hash<std::string_view>{}(room));
}

bool Relations::has_left(const PeerId& peer, std::string_view room) const {
  const std::pair left(peer, std::hash<std::string_view>{}(room));
  return std::ranges::find(left_, left) != left_.end();
}

}  // namespace heliograph::signaling
