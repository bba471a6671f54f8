#pragma once

#include <cstdint>

#include "base/clock.hpp"
#include "cluster/store.hpp"
#include "signaling/peer_id.hpp"
#include "signaling/worker_message.hpp"

namespace heliograph::cluster {

/// The node that SharedRooms belongs to: its way to the store and to its own peers.
class HostNode {
 public:
  virtual ~HostNode() = default;

  /// SharedRooms::on_answer() or, if the commit restores, perhaps SharedRooms::replace() follows.
  virtual void commit(const Commit& commit) = 0;
  /// If not, SharedRooms::catch_up() follows as soon as commits have been answered.
  virtual bool may_commit() const = 0;
  /// The serial of the next commit. All that this node has said before goes out under
  /// lower serials.
  virtual std::uint64_t next_serial() = 0;
  /// See BatchOrigin.
  virtual std::uint64_t epoch() const = 0;
  /// See Store::changes().
  virtual std::uint64_t changes() const = 0;
  /// See fields_of().
  virtual base::Duration unix_offset() const = 0;

  /// Tells a peer of this node, past the node's inbox.
  virtual void tell_at_once(const signaling::PeerId& peer, signaling::WorkerMessage message) = 0;
  /// This peer was told of changes to a room that do not hold: its client must connect again.
  virtual void disconnect(const signaling::PeerId& peer) = 0;
};

}  // namespace heliograph::cluster
