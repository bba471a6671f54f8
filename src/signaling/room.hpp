#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/ip_address.hpp"
#include "signaling/error.hpp"
#include "signaling/event.hpp"
#include "signaling/peer_id.hpp"
#include "signaling/room_action.hpp"
#include "signaling/ticket.hpp"

namespace heliograph::signaling {

struct Member {
  PeerId peer;
  std::string peerinfo;  // raw JSON or empty
  bool is_owner = false;
  Place place{};  // of the ticket that it was given last
};

/// The place of a member that has gone without leaving.
struct FreePlace {
  Place place{};
  PeerId peer;            // that had it
  bool is_owner = false;  // the peer that takes it
  base::TimePoint until{};
};

/// An empty room whose last member has gone without leaving, and that waits for a peer with a
/// ticket.
struct Lingering {
  std::uint32_t node = 0;    // which sees to its end
  std::uint64_t number = 0;  // which time this is
  friend bool operator==(const Lingering&, const Lingering&) = default;
};

/// Whether owners have been shown a join request: as it is, or one that the candidate has replaced
/// since.
enum class Shown : std::uint8_t { kYes, kAnEarlier, kNo };

/// A candidate whose request no owner has answered yet.
struct JoinRequest {
  PeerId candidate;
  std::string peerinfo;
  std::string payload;
  SharedAttachments attachments;
  std::uint64_t serial = 0;    // one a request to this home, in their order
  base::IpAddress address{};   // by which limits count; `::` if none do
  base::TimePoint asked_at{};  // the owners, by the clock of the candidate's node
  Shown shown = Shown::kYes;   // to the owners
  SharedTickets tickets{};

  /// When the owners may be asked again.
  base::TimePoint may_ask_at() const { return asked_at + std::chrono::seconds(2); }
};

/// How the owners want their room to be entered.
struct RoomSettings {
  bool locked = false;         // nobody new may ask
  std::uint32_t capacity = 0;  // members at most; 0: no limit
  Admission admission = Admission::kOwner;
  std::string password;  // digest of the one last set; empty: none was
  friend bool operator==(const RoomSettings&, const RoomSettings&) = default;
};

/// The members of one room, and the candidates at its door. Only the rules: RoomDirectory tells
/// peers.
/// Invariant: a room with members has an owner among them; a peer is a member or a candidate, never
/// both; a place is a member's or free, never both.
class Room {
 public:
  Room(const PeerId& creator, std::string peerinfo, const Place& place = {});

  /// The whole state of a room, for storing it and reading it back.
  struct Parts {
    std::vector<Member> members;  // if there are any, an owner among them
    std::vector<JoinRequest> requests;
    RoomSettings settings;
    std::vector<PeerId> banned;
    std::vector<FreePlace> free_places;  // in the order of `until`
    Lingering lingering{};               // `node` only if there are no members
    std::vector<PeerId> kicked;          // the last of them
  };
  explicit Room(Parts parts);
  Parts parts() const;

  std::span<const Member> members() const { return members_; }  // in the order of joining
  std::vector<const JoinRequest*> requests() const;             // in the order of asking
  bool is_empty() const { return members_.empty(); }  // it may wait for somebody: see Lingering

  Member* find_member(const PeerId& peer);
  JoinRequest* find_request(const PeerId& candidate);

  std::vector<PeerId> owners() const;
  std::vector<PeerId> peers() const;
  std::vector<PeerId> members_except(const PeerId& peer) const;

  void ask(JoinRequest request);        // replaces an earlier request of the same candidate
  void admit(const PeerId& candidate);  // whose request is pending
  void admit(const PeerId& peer, std::string peerinfo, const Place& place = {});
  /// Takes a free place. The newcomer is an owner if its place is, or if it is alone.
  void take_place(const PeerId& peer, std::string peerinfo, const Place& taken, const Place& place);
  void drop_request(const PeerId& candidate);
  /// Those of a node's candidates that owners must be asked about now: a few at a time.
  std::vector<PeerId> to_be_shown(std::uint32_t node, base::TimePoint now) const;
  /// When there will be some, if there are none now; TimePoint::max() for never.
  base::TimePoint next_showing(std::uint32_t node, base::TimePoint now) const;
  static constexpr std::size_t kPortion = 8;
  std::size_t request_count() const { return requests_.size(); }
  std::size_t requests_of(const base::IpAddress& address) const;
  /// The oldest request of the address that has most of them. There must be one.
  const JoinRequest& most_dispensable_request() const;

  const RoomSettings& settings() const;
  void change(RoomSettings settings);
  bool is_full() const;

  /// The member that has the place now; null if it is free or unknown.
  const Member* holder_of(const Place& place) const;
  bool is_free(const Place& place, base::TimePoint now) const;
  bool knows(const Place& place, base::TimePoint now) const {
    return holder_of(place) || is_free(place, now);
  }
  void give_place(const PeerId& member, const Place& place);
  /// False if this peer has left no place.
  bool forget_place_of(const PeerId& peer);
  void forget_places_until(base::TimePoint now);
  std::size_t free_place_count() const { return rules_ ? rules_->free_places.size() : 0; }
  /// When the oldest expires. There must be one.
  base::TimePoint oldest_place_until() const { return rules_->free_places.front().until; }
  void forget_oldest_place() { rules_->free_places.erase(rules_->free_places.begin()); }
  /// The oldest goes when there are more.
  static constexpr std::size_t kMostFreePlaces = 1000;

  Lingering lingering() const { return rules_ ? rules_->lingering : Lingering{}; }
  void linger(const Lingering& lingering) { rules().lingering = lingering; }
  /// Another node sees to the end.
  void hand_over(std::uint32_t node) { rules().lingering.node = node; }

  bool is_banned(const PeerId& peer) const;
  /// Remembers the last kMostBanned.
  void ban(const PeerId& peer);
  static constexpr std::size_t kMostBanned = 1000;

  /// Whether the peer is among the last that were kicked, so that it need not be kicked again.
  bool was_kicked(const PeerId& peer) const;
  void note_kicked(const PeerId& peer);
  static constexpr std::size_t kMostKicked = 16;

  struct Departure {
    bool was_member = false;
    bool owner_changed = false;
    Member member;  // the one who left
  };
  /// Removes a member. If it was the last owner, the longest-present member becomes owner. If it
  /// has a place, that is free until then; TimePoint::min() drops it.
  Departure remove(const PeerId& peer, base::TimePoint place_until = base::TimePoint::min());

 private:
  // Few rooms have these.
  struct Rules {
    RoomSettings settings;
    std::deque<PeerId> banned;
    std::vector<FreePlace> free_places;
    Lingering lingering;
    std::vector<PeerId> kicked;
  };
  Rules& rules();
  bool see_to_an_owner();

  std::vector<Member> members_;
  std::unique_ptr<Rules> rules_;
  std::map<PeerId, JoinRequest> requests_;  // a crowd may wait
};

/// Whether one of these digests is that of the room's password.
bool opens(std::span<const std::string> passwords, const RoomSettings& settings);

/// The reason why `peer` must not ask to join, whatever its request says; nothing if it may.
std::optional<Error> closed_to(Room& room, const PeerId& peer);

}  // namespace heliograph::signaling
