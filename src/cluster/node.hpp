#pragma once

#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "cluster/bus_message.hpp"
#include "cluster/host_node.hpp"
#include "cluster/refusals.hpp"
#include "cluster/shared_rooms.hpp"
#include "cluster/store.hpp"
#include "signaling/emission.hpp"
#include "signaling/worker_message.hpp"

namespace heliograph::cluster {

/// The workers of the node.
class Workers {
 public:
  virtual ~Workers() = default;
  virtual std::uint16_t count() const = 0;
  virtual void post(std::uint16_t worker, signaling::WorkerMessage message) = 0;
  /// All peers of the node have ended: their clients must reconnect.
  virtual void disconnect_all() = 0;
  /// This one has ended: its client must reconnect.
  virtual void disconnect_peer(const signaling::PeerId& peer) = 0;
  /// Until then no other node can take this one for dead. After that, serve nothing before this is
  /// called again.
  virtual void serve_until(base::TimePoint time) = 0;
  /// These nodes hold a lease, this one among them.
  virtual void know_nodes(const std::shared_ptr<const std::set<std::uint32_t>>& /*nodes*/) {}
};

struct NodeSettings {
  std::uint32_t id = 0;
  signaling::Limits limits{};
  base::Duration patience{};  // of a request with the store, before it is refused
  signaling::GuessCounts guesses{};
  std::function<base::Duration()> unix_offset = [] { return base::Duration::zero(); };
  /// The most that may wait for the store's answers: of commits, and of other messages to nodes.
  std::size_t max_unsent_bytes = 16UL * 1024 * 1024;
};

/// A node's part in the cluster, without sockets, clocks or randomness. It handles what its workers
/// post to shared rooms and to peers of other nodes, and what arrives in its inbox. For one thread
/// only.
class Node : private HostNode {
 public:
  Node(const NodeSettings& settings, Store& store, Workers& workers);

  /// From a worker: to another node, or to this node's kClusterWorker.
  void post(signaling::Address to, signaling::WorkerMessage message, base::TimePoint now);
  /// Sends what post() has collected. Call it when there is nothing more to collect for now.
  void flush();
  bool has_gathered() const { return !gathered_.empty(); }
  /// A batch out of this node's inbox. False if it cannot be read.
  bool on_batch(std::string_view bytes, base::TimePoint now);

  void on_committed(std::uint64_t serial, CommitAnswer answer, base::TimePoint now);
  void on_sent(std::uint64_t serial, SendAnswer answer);

  /// The node has a place in the cluster under `epoch`, and the store can be asked. If the store
  /// `has_lost` what it held, that is written again.
  void join(std::uint64_t epoch, bool has_lost, base::TimePoint now);
  /// Whether the store has yet to answer what was written again. Until then, do not read from the
  /// inbox: another node may have restored an older state than peers here know.
  bool is_restoring() const { return restores_under_way_ > 0; }
  /// The store cannot be asked for now. Requests that were not answered are sent again after
  /// join().
  void lose_store();
  /// The node has lost its place: all of its peers were taken out of their rooms.
  void lose_place();

  /// Removes all peers of that node from this room, before anything else that waits is done there.
  void remove_node(const std::string& room, std::uint32_t node, base::TimePoint now);
  /// Removes the peers of this node from this room, after all that they have asked for.
  void leave_room(const std::string& room, base::TimePoint now);
  /// Whether all that was asked of the store has been answered.
  bool is_idle() const;

  void elapse(base::TimePoint now);
  base::TimePoint deadline() const;
  std::size_t room_count() const { return rooms_.size(); }

 private:
  struct Awaited {  // the acknowledgement of a relay to another node
    signaling::PeerId peer;
    std::uint64_t id = 0;
    friend auto operator<=>(const Awaited&, const Awaited&) = default;
  };
  struct CommitUnderWay {
    std::string room;
    std::size_t bytes = 0;
  };
  struct RestoreUnderWay {
    Commit commit;
  };
  using UnderWay = std::variant<Send, CommitUnderWay, RestoreUnderWay>;

  void commit(const Commit& commit) override;
  bool may_commit() const override { return commit_bytes_ < settings_.max_unsent_bytes; }
  std::uint64_t next_serial() override;
  std::uint64_t epoch() const override { return epoch_; }
  std::uint64_t changes() const override { return store_.changes(); }
  base::Duration unix_offset() const override { return settings_.unix_offset(); }
  void tell_at_once(const signaling::PeerId& peer, signaling::WorkerMessage message) override;
  void disconnect(const signaling::PeerId& peer) override { workers_.disconnect_peer(peer); }

  void on_answer(const CommitUnderWay& commit, CommitAnswer answer);
  void gather(signaling::Address to, const signaling::WorkerMessage& message);
  void on_undelivered(const Delivery& delivery, SendAnswer why);
  void refuse(const Awaited& awaited, signaling::Error error);
  void refuse(const signaling::RemoteRelay& relay, signaling::Error error);
  void await(const Awaited& awaited);
  bool take_awaited(const Awaited& awaited);
  bool on_update(const BatchOrigin& origin, signaling::RoomUpdate& update);
  void on_own_commit(std::uint64_t serial);
  bool is_answered(const BatchOrigin& origin, const signaling::WorkerMessage& message);
  void tell(const signaling::PeerId& to, signaling::WorkerMessage&& message);
  std::uint16_t worker_for(const BusMessage& item) const;
  bool is_new(const BatchOrigin& origin);
  std::uint64_t first_serial_of(std::uint64_t serial) const;
  void ask(UnderWay& asked);

  NodeSettings settings_;
  Store& store_;
  Workers& workers_;
  Refusals refusals_;
  SharedRooms rooms_;
  std::uint64_t epoch_ = 0;
  std::uint64_t last_serial_ = 0;
  bool is_joined_ = false;
  std::size_t restores_under_way_ = 0;
  bool has_place_ = false;
  std::map<std::uint32_t, std::string> gathered_;  // messages, by node
  std::map<std::uint64_t, UnderWay> under_way_;    // by serial
  std::size_t unsent_bytes_ = 0;                   // but of commits
  std::size_t commit_bytes_ = 0;
  std::set<Awaited> awaited_;  // of requests to rooms as well, over whose time SharedRooms watches
  std::deque<std::pair<base::TimePoint, Awaited>>
      deadlines_;        // of some that have been answered, too
  base::TimePoint now_;  // of the call that is being carried out
  struct Seen {
    std::uint64_t epoch = 0;
    std::uint64_t last_relays = 0;
    std::uint64_t last_commit = 0;
  };
  std::map<std::uint32_t, Seen> seen_;
  std::map<std::uint64_t, std::uint64_t> asked_again_;  // later serials of this node's commits
};

}  // namespace heliograph::cluster
