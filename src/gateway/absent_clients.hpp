#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <vector>

#include "base/clock.hpp"
#include "gateway/application.hpp"
#include "gateway/peer_deadlines.hpp"
#include "signaling/peer_id.hpp"

namespace heliograph::gateway {

/// Owns the clients of a worker that have no connection, for as long as they may return: see
/// recovery.hpp. It keeps them and destroys them, and calls nothing else of theirs.
class AbsentClients {
 public:
  /// Keeps the client of this peer until that time, which is no earlier than that of any client
  /// before it. `bytes` is what it takes in memory, but for its replay.
  void keep(const signaling::PeerId& peer, std::unique_ptr<Client> client, base::TimePoint until,
            std::size_t bytes);
  /// Gives the client back; null if it is not here.
  std::unique_ptr<Client> take_out(const signaling::PeerId& peer);
  /// Destroys the client; false if it is not here.
  bool end(const signaling::PeerId& peer) { return take_out(peer) != nullptr; }

  /// This client cannot be sent all that it missed any more. The next end_given_up() destroys it:
  /// not this call, because it is made while an event is delivered.
  void give_up(const signaling::PeerId& peer) { given_up_.push_back(peer); }
  /// Destroys the clients that were given up, if they are still here.
  void end_given_up();
  /// Destroys the clients whose time is over.
  void end_overdue(base::TimePoint now);
  /// When to destroy the next client: TimePoint{} if at once, TimePoint::max() if there is none. It
  /// may be earlier than that, because of a client that has returned since.
  base::TimePoint deadline() const {
    return given_up_.empty() ? ends_.deadline() : base::TimePoint{};
  }

  /// Bytes that all clients here take, but for their replays.
  std::size_t bytes() const { return bytes_; }
  /// The same of the client of this peer; 0 if it is not here.
  std::size_t bytes_of(const signaling::PeerId& peer) const;

 private:
  struct Absence {
    std::unique_ptr<Client> client;
    base::TimePoint until;
    std::size_t bytes = 0;
  };

  std::map<signaling::PeerId, Absence> absences_;
  PeerDeadlines ends_;  // also of clients that have returned since
  std::vector<signaling::PeerId> given_up_;
  std::size_t bytes_ = 0;
};

}  // namespace heliograph::gateway
