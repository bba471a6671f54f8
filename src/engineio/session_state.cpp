#include "engineio/session_state.hpp"

#include <algorithm>

namespace heliograph::engineio {

SessionState::SessionState(Transport transport, const Settings& settings, base::TimePoint now)
    : settings_(settings), heartbeat_(now + settings.ping_interval), transport_(transport) {}

Step SessionState::on_packet(const Packet& packet, base::TimePoint now) {
  switch (packet.type) {
    case PacketType::kMessage:
      return Step::kDeliver;
    case PacketType::kPong:
      if (!awaits_pong_) return Step::kNothing;
      awaits_pong_ = false;
      heartbeat_ = pings_after_pong_ ? now : now + settings_.ping_interval;
      pings_after_pong_ = false;
      return Step::kAnswered;
    case PacketType::kNoop:
      return Step::kNothing;
    case PacketType::kClose:
      return Step::kClosedByClient;
    case PacketType::kOpen:
    case PacketType::kPing:  // in Engine.IO 4 it is the server that pings
    case PacketType::kUpgrade:
      break;
  }
  return Step::kProtocolError;
}

bool SessionState::begin_probe(base::TimePoint now) {
  if (transport_ != Transport::kPolling || probe_ != Probe::kNone) return false;
  probe_ = Probe::kBegun;
  probe_deadline_ = now + settings_.upgrade_timeout;
  return true;
}

Step SessionState::on_probe_packet(const Packet& packet) {
  if (probe_ == Probe::kBegun && packet.type == PacketType::kPing && packet.data == kProbe) {
    probe_ = Probe::kAnswered;
    return Step::kAnswerProbe;
  }
  if (probe_ == Probe::kAnswered && packet.type == PacketType::kUpgrade) {
    probe_ = Probe::kNone;
    transport_ = Transport::kWebSocket;
    return Step::kUpgrade;
  }
  return Step::kEndProbe;
}

void SessionState::end_probe() { probe_ = Probe::kNone; }

bool SessionState::begin_ping(base::TimePoint now) {
  if (awaits_pong_) return false;
  awaits_pong_ = true;
  heartbeat_ = now + settings_.ping_timeout;
  return true;
}

Step SessionState::on_stall(base::Duration stall, base::TimePoint now) {
  if (awaits_pong_) {
    // The client waits for the next ping until interval and timeout after this one, so the pong may
    // be late by the timeout. Short stalls add no pings, or overload would make more of itself.
    pings_after_pong_ = pings_after_pong_ || stall > settings_.ping_timeout / 2;
    return Step::kNothing;
  }
  heartbeat_ -= stall;
  if (heartbeat_ > now) return Step::kNothing;
  begin_ping(now);
  return Step::kSendPing;
}

void SessionState::resume(base::TimePoint now) {
  heartbeat_ = now + (awaits_pong_ ? settings_.ping_timeout : settings_.ping_interval);
}

Step SessionState::elapse(base::TimePoint now) {
  if (now >= heartbeat_) {
    if (awaits_pong_) return Step::kTimeout;
    // The pong is due in time from when the ping was due, so that a late call does not lengthen the
    // heartbeat; a very late one still leaves the client half of its time.
    awaits_pong_ = true;
    heartbeat_ = std::max(heartbeat_ + settings_.ping_timeout, now + settings_.ping_timeout / 2);
    return Step::kSendPing;
  }
  if (is_probing() && now >= probe_deadline_) return Step::kEndProbe;
  return Step::kNothing;
}

base::TimePoint SessionState::deadline() const {
  return is_probing() ? std::min(heartbeat_, probe_deadline_) : heartbeat_;
}

}  // namespace heliograph::engineio
