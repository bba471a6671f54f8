#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "signaling/peer_id.hpp"
#include "signaling/relay_budget.hpp"
#include "signaling/worker_message.hpp"

namespace heliograph::signaling {

/// The standing of a peer in one room, as the peer's own worker sees it. Kept from the first
/// request on, so that everything the room's home may know of the peer can be undone when the peer
/// goes.
struct Relation {
  std::string room;
  Membership membership = Membership::kNone;
  std::uint32_t under_way = 0;    // requests and relays that no relay may overtake: see PassedOn
  std::uint32_t unsettled = 0;    // Create and Join requests that the home has not answered
  std::uint32_t leaving = 0;      // Leave requests that the home has not answered
  std::uint32_t members = 0;      // of the room, as its home last said
  std::size_t pending_bytes = 0;  // of a join request, kept by the home until it is answered
};

struct Peer {
  PeerId id;
  std::string peerinfo;  // raw JSON or empty
  std::vector<Relation> relations;
  std::unique_ptr<RelayBudget> spent;  // null for a peer that has relayed nothing

  RelayBudget& budget() {
    if (!spent) spent = std::make_unique<RelayBudget>();
    return *spent;
  }
  Relation* find(std::string_view room);
  bool is_member(std::string_view room);
  /// About what is held for this peer, in bytes: itself, and its part in its rooms.
  std::size_t held_bytes() const;
  /// Bytes that homes keep for this peer's unanswered join requests.
  std::size_t pending_bytes() const;
  void forget(std::string_view room);
};

/// The peers of one worker, found by the slot in their id.
class Peers {
 public:
  explicit Peers(Address home) : home_(home) {}

  Peer& add(std::uint64_t nonce);
  /// The peer of exactly this id, or nullptr when it has gone or never was here.
  Peer* find(const PeerId& id);
  void remove(const PeerId& id);
  std::vector<PeerId> ids() const;
  std::size_t size() const { return slots_.size() - free_.size(); }

 private:
  Address home_;
  std::vector<std::unique_ptr<Peer>> slots_;
  std::vector<std::uint32_t> free_;
};

}  // namespace heliograph::signaling
