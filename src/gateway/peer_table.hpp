#pragma once

#include <vector>

#include "signaling/peer_id.hpp"

namespace heliograph::gateway {

/// The table of a worker's peers: the object that serves a peer is found by the slot in the peer's
/// id, in constant time. It takes 8 bytes a slot and owns nothing. `Server::peer()` gives the id of
/// the peer as a `std::optional<PeerId>`, empty if the server has none.
template <class Server>
class PeerTable {
 public:
  /// From now on `server` serves the peer, in place of any other.
  void set(const signaling::PeerId& peer, Server& server) {
    if (peer.slot >= servers_.size()) servers_.resize(peer.slot + 1);
    servers_[peer.slot] = &server;
  }
  /// From now on nothing serves the peer. There must have been a set() for its slot.
  void clear(const signaling::PeerId& peer) { servers_[peer.slot] = nullptr; }

  /// The server of a peer that is known to have one.
  Server& at(const signaling::PeerId& peer) const { return *servers_[peer.slot]; }
  /// The server of any peer; null if it has none here.
  Server* find(const signaling::PeerId& peer) const {
    Server* const server = peer.slot < servers_.size() ? servers_[peer.slot] : nullptr;
    return server && server->peer() == peer ? server : nullptr;
  }
  /// Calls `act(server)` for each, in the order of the slots. `act` may clear peers, but not set
  /// any.
  template <class Act>
  void each(const Act& act) const {
    for (Server* const server : servers_) {
      if (server) act(*server);
    }
  }

 private:
  std::vector<Server*> servers_;
};

}  // namespace heliograph::gateway
