#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "signaling/limits.hpp"
#include "signaling/member_index.hpp"
#include "signaling/peers.hpp"
#include "signaling/refusal.hpp"
#include "signaling/text.hpp"
#include "signaling/worker_message.hpp"

namespace heliograph::signaling {

/// The standing of one worker's peers in rooms. Changes a Peer and its Relations when the peer asks
/// for something and when the homes of the rooms answer, and counts the bytes held for that.
class Relations {
 public:
  /// Whether members can be found by the name of their room.
  enum class Index : std::uint8_t { kNone, kMembers };
  Relations(const Limits& limits, Index index) : limits_(limits), index_(index) {}

  /// A peer has come.
  void add(const Peer& peer) { held_bytes_ += peer.held_bytes(); }
  /// A peer is about to go. Removes its relations, each of which its room's home has to end.
  std::vector<Relation> take_all(Peer& peer);

  void set_peerinfo(Peer& peer, Raw peerinfo);

  /// Call before sending another Create or Join of the peer, of which the home keeps this many
  /// bytes while it is unanswered. If the peer must not send it, gives the reason, and nothing
  /// changes.
  std::optional<Refusal> begin_entry(Peer& peer, std::string_view room, std::size_t pending_bytes);
  /// The home has told the peer its standing in the room. The relation may be gone after that.
  void settle(Peer& peer, Relation& relation, const RoomUpdate& update);

  /// Whether the peer was in this room or at its door, and has left it. Only the last departures
  /// are remembered.
  bool has_left(const PeerId& peer, std::string_view room) const;
  /// The members that live here; none if they are not indexed. Valid until the next change.
  const std::set<PeerId>& members_of(std::string_view room) const { return members_.of(room); }

  std::size_t held_bytes() const { return held_bytes_; }

 private:
  // Counts, when it ends, by how much what is held for a peer has changed since it began.
  class Count {
   public:
    Count(std::size_t& held_bytes, const Peer& peer)
        : held_bytes_(held_bytes), peer_(peer), before_(peer.held_bytes()) {}
    ~Count() { held_bytes_ += peer_.held_bytes() - before_; }
    Count(const Count&) = delete;
    Count& operator=(const Count&) = delete;

   private:
    std::size_t& held_bytes_;
    const Peer& peer_;
    std::size_t before_;
  };

  void set_membership(Relation& relation, Membership membership, const PeerId& peer);
  void note_left(const PeerId& peer, std::string_view room);

  Limits limits_;
  Index index_;
  MemberIndex members_;
  std::size_t held_bytes_ = 0;  // of all peers
  // The last peers that have left a room, with the hash of its name.
  std::deque<std::pair<PeerId, std::size_t>> left_;
};

}  // namespace heliograph::signaling
