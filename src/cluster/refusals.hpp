#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "signaling/peer_id.hpp"

namespace heliograph::cluster {

/// The tasks that were refused because they waited too long, although the store already had their
/// commit. The store may still carry it out. Then their senders must not be told twice, and those
/// that have entered must hear nothing of the room until they are out again.
class Refusals {
 public:
  // A task was refused, and this is the serial of its commit:

  /// The entry of a peer that was in the room before.
  void add_entry_of_member(std::uint64_t serial, const signaling::PeerId& peer) {
    entries_of_members_.emplace(serial, peer);
  }
  /// The entry of a peer that was not.
  void add_entry_of_stranger(std::uint64_t serial, const std::string& room,
                             const signaling::PeerId& peer) {
    shut_out_.emplace(std::tuple(room, peer, serial), Carried::kNotKnown);
  }
  /// A task whose sender's worker has been told PassedOn.
  void add_passed_on(std::uint64_t serial, const signaling::PeerId& peer) {
    passed_on_.emplace(serial, peer);
  }
  /// The commit was not carried out.
  void forget(std::uint64_t serial);

  // The deliveries of this node's own commits have arrived:

  /// The commit was carried out. To be called before the other functions here, for each commit.
  void on_commit(std::uint64_t serial);
  /// The commit takes the peer out of the room.
  void on_gone(std::uint64_t serial, const std::string& room, const signaling::PeerId& peer);
  /// Whether the commit's answer to an entry of this member comes too late. True once for each.
  bool take_entry_of_member(std::uint64_t serial, const signaling::PeerId& peer);
  /// The same for a PassedOn.
  bool take_passed_on(std::uint64_t serial, const signaling::PeerId& peer);
  /// Whether the peer must hear nothing of the room: its entry was refused and carried out all the
  /// same, and it is not out again yet.
  bool is_shut_out(const std::string& room, const signaling::PeerId& peer) const;

  /// The store has lost what it held, perhaps also the commits that take peers out again: shuts
  /// peers out only by the commits of these serials, which are under way.
  void forget_shut_out_except(const std::set<std::uint64_t>& under_way);
  void clear();

 private:
  enum class Carried : std::uint8_t { kNotKnown, kOut };
  // By the serial of the commit. One peer may have asked several times.
  using Refused = std::multiset<std::pair<std::uint64_t, signaling::PeerId>>;
  static bool take(Refused& refused, std::uint64_t serial, const signaling::PeerId& peer);

  Refused entries_of_members_;
  Refused passed_on_;
  // By room, peer and the serial of the commit with the entry; whether that was carried out.
  std::map<std::tuple<std::string, signaling::PeerId, std::uint64_t>, Carried> shut_out_;
};

}  // namespace heliograph::cluster
