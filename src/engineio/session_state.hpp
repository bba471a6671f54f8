#pragma once

#include <cstdint>

#include "base/clock.hpp"
#include "engineio/packet.hpp"
#include "engineio/settings.hpp"

namespace heliograph::engineio {

enum class Transport : std::uint8_t { kPolling, kWebSocket };

/// An action for the owner of a SessionState, in answer to what the owner tells it.
enum class Step : std::uint8_t {
  kNothing,
  kAnswered,     // a pong to the last ping has come
  kDeliver,      // hand the packet's data to the application
  kSendPing,     // send a ping over the session's transport
  kAnswerProbe,  // send `3probe` over the probing WebSocket; end a waiting poll with a noop
  kUpgrade,      // the probing WebSocket is the transport now; end a waiting poll with a noop
  kEndProbe,     // close the probing WebSocket; the session goes on with polling
  kClosedByClient,
  kProtocolError,  // close the session
  kTimeout,        // close the session
};

/// The state of one Engine.IO 4 session: its transport, its heartbeat, and its upgrade from polling
/// to WebSocket. Holds no bytes and no sockets; `settings` must outlive it.
class SessionState {
 public:
  SessionState(Transport transport, const Settings& settings, base::TimePoint now);

  Transport transport() const { return transport_; }
  bool is_probing() const { return probe_ != Probe::kNone; }
  /// A poll while this holds is answered at once, so that the client can leave polling.
  bool is_upgrading() const { return probe_ == Probe::kAnswered; }

  /// A packet over the session's transport.
  Step on_packet(const Packet& packet, base::TimePoint now);

  /// A second WebSocket asks to take over. False if the session cannot be upgraded, or is being
  /// upgraded already.
  bool begin_probe(base::TimePoint now);
  /// A packet over the probing WebSocket.
  Step on_probe_packet(const Packet& packet);
  void end_probe();

  /// A ping out of turn. False if the answer to the last one is still to come.
  bool begin_ping(base::TimePoint now);

  /// `now` has fallen behind the client's time by this much, because the server stalled: a ping
  /// that would have been due is sent now, and one after a pong that may have waited for long.
  Step on_stall(base::Duration stall, base::TimePoint now);

  /// Nobody has read what the client sent for a while: it has all its time again.
  void resume(base::TimePoint now);

  /// Call it at deadline(), and whenever the exact state at `now` matters.
  Step elapse(base::TimePoint now);
  base::TimePoint deadline() const;

 private:
  enum class Probe : std::uint8_t { kNone, kBegun, kAnswered };

  const Settings& settings_;
  base::TimePoint heartbeat_;  // when the next ping is due, or the pong to the last one
  base::TimePoint probe_deadline_{};
  // One byte, so that the owner has room for its own behind it.
  Transport transport_ : 1;
  Probe probe_ : 2 = Probe::kNone;
  bool awaits_pong_ : 1 = false;
  bool pings_after_pong_ : 1 = false;
};

}  // namespace heliograph::engineio
