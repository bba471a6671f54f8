#pragma once

#include <charconv>
#include <chrono>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "cluster/room_record.hpp"

namespace heliograph::cluster {

/// A room as the store holds it. Each version of each room has a name of its own, which begins with
/// a count: higher than that of the version before, and than any that was given before the store
/// lost something. No fields mean that there is no such room; if there was one a minute ago, its
/// last version is known still, and the next room of the name counts on from it.
struct StoredRoom {
  std::string version;
  RoomFields fields;
  std::string restored = {};  // the version that was written after the last loss; empty: none was
};

/// The count with which a version begins; 0 for the version of a room that never was.
inline std::uint64_t count_of(std::string_view version) {
  std::uint64_t count = 0;
  std::from_chars(version.data(), version.data() + version.size(), count);
  return count;
}

/// A batch for a node's inbox; see bus_message.hpp.
struct Delivery {
  std::uint32_t node = 0;
  std::string batch;
};

/// Changes a room and tells those concerned, all of it or nothing: only if the room still has
/// the version that the change was computed from, and the node its place in the cluster.
struct Commit {
  std::string room;
  std::uint64_t serial = 0;  // of this node's commits and sends
  std::string version;       // that it was computed from
  std::string new_version;   // the same if nothing changes
  RoomChange change;
  std::vector<std::uint32_t> joined;  // nodes that have peers in the room from now on
  std::vector<std::uint32_t> left;    // and those that have none any more
  std::vector<std::uint32_t> gone;    // whose peers it takes out: not unless they are dead still
  std::vector<Delivery> deliveries;
  enum class Life : std::uint8_t { kGoesOn, kBegins, kIsNone };
  Life life = Life::kGoesOn;  // kIsNone: there is no room any more, or there was none
  std::string news;           // for all nodes, if this takes the place of another restored room
  bool restores = false;      // written whole, if the store has lost it or has an older version
  base::TimePoint deadline = base::TimePoint::max();  // not to be carried out after
};

struct CommitAnswer {
  enum class Kind : std::uint8_t {
    kDone,      // now, or when it was asked before
    kConflict,  // `room` is what the store holds
    kLater,     // not now: the deadline is over, or the store does not know yet what it has lost
    kLives,     // a node that was taken for gone is none of the dead, or not any more
    kFenced,    // the store does not know the node; a renewal tells why
    kUnknown,   // no answer came
  };
  Kind kind = Kind::kUnknown;
  StoredRoom room;
};

struct Send {
  std::uint64_t serial = 0;
  Delivery delivery;
};

enum class SendAnswer : std::uint8_t {
  kDone,
  kGone,  // there is no such node
  kFull,  // it does not read its inbox
  kFenced,
  kRefused,  // not carried out; commands behind it may have been
  kUnknown,  // no answer came, or the store carries out nothing for now
};

// Answers about a node's place in the cluster.

/// The node has a place.
struct Registered {
  std::string store;        // its name
  std::string inbox_begin;  // the id of the entry to read after
};
/// Another node holds a lease under this number.
struct Taken {};
using RegisterAnswer = std::variant<Taken, Registered>;

/// The lease runs again from when this was asked.
struct Renewed {
  std::chrono::milliseconds next_end{};  // until the next lease of any node runs out
  std::set<std::uint32_t> live;          // nodes that hold a lease
  std::vector<std::uint32_t> dead;       // nodes that this one is to remove
};
/// The store has lost everything, or the last of the changes.
struct Lost {};
/// Others have removed the node.
struct Fenced {};
using RenewAnswer = std::variant<Lost, Fenced, Renewed>;

/// The store that the nodes of a cluster share, as one node asks it. Each call is answered once,
/// later, by the function of Node that is named here; calls are carried out in their order.
class Store {
 public:
  virtual ~Store() = default;
  virtual void commit(const Commit& commit) = 0;  // Node::on_committed
  virtual void send(const Send& send) = 0;        // Node::on_sent
  /// The highest count that a version may have had, as far as this node knows: of the changes that
  /// the store has seen, and goes on counting after a loss.
  virtual std::uint64_t changes() const = 0;
};

}  // namespace heliograph::cluster
