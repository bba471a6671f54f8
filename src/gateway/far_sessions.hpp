#pragma once

#include <cstdint>
#include <map>

#include "gateway/application.hpp"
#include "gateway/mail.hpp"

namespace heliograph::gateway {

/// The sessions of this worker whose peers live on another one, where they are Guests: see
/// mail.hpp.
class FarSessions {
 public:
  explicit FarSessions(const WorkerLink& workers) : workers_(workers) {}

  /// The number of a new link to the peer's worker; 0 where this node has no such worker.
  std::uint32_t open(Channel& channel, const signaling::Address& home);
  void carry(std::uint32_t link, const Message& message);
  void ping_sent(std::uint32_t link);
  void ping_answered(std::uint32_t link);
  void close(std::uint32_t link, CloseReason reason);

  void receive(const mail::ToClient& message);
  void receive(const mail::CloseClient& close);
  void receive(const mail::PingClient& ping);

 private:
  struct FarSession {
    Channel* channel;
    std::uint16_t home;
    std::uint64_t sent = 0;         // messages to the client so far
    std::uint64_t before_ping = 0;  // of these, before the last ping
  };
  FarSession* find(const Link& link);

  const WorkerLink& workers_;
  std::map<std::uint32_t, FarSession> sessions_;
  std::uint32_t last_link_ = 0;
};

}  // namespace heliograph::gateway
