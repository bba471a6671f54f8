#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>

#include "gateway/application.hpp"
#include "gateway/mail.hpp"

namespace heliograph::gateway {

class ClientSession;

/// The sessions of this worker whose peers live on another one, where they are Guests: see
/// mail.hpp. It carries messages in both directions. It never calls a session: it gives the session
/// to its caller, who does.
class FarSessions {
 public:
  explicit FarSessions(const WorkerLink& workers) : workers_(workers) {}

  /// Asks the peer's worker whether this client may return; the answer is a mail::ReturnGranted or
  /// a mail::ReturnRefused. Gives the number of the new link, or 0 if this node has no such worker.
  std::uint32_t open(ClientSession& client, Channel& channel, const ReturnRequest& request);
  /// `refused`: see mail::FromClient. If more is under way than kMostUnderWay, the client is not
  /// read from until there is less.
  void carry(std::uint32_t link, const Message& message,
             std::optional<std::chrono::milliseconds> refused);
  void ping_sent(std::uint32_t link);
  void ping_answered(std::uint32_t link);
  void close(std::uint32_t link, CloseReason reason);
  /// From now on other workers are not told of sessions that close.
  void stop() { is_stopping_ = true; }

  /// The session of this link; null if it has been closed.
  ClientSession* find(const Link& link);
  /// The same, and forgets the link without a word to the peer's worker, which has closed it.
  ClientSession* take_out(const Link& link);
  /// Bytes on their way to other workers.
  std::size_t under_way() const { return under_way_; }
  /// Calls `act(session)` for each that has no peer here.
  template <class Act>
  void each(const Act& act) {
    for (auto& [number, session] : sessions_) act(*session.client);
  }

  void on_mail(const mail::ToClient& message);
  void on_mail(const mail::CloseClient& close);
  void on_mail(const mail::PingClient& ping);
  void on_mail(const mail::Taken& taken);

 private:
  static constexpr std::size_t kMostUnderWay = 256UL * 1024;

  struct FarSession {
    ClientSession* client;
    Channel* channel;
    std::uint16_t home;
    std::uint64_t sent = 0;         // messages to the client so far
    std::uint64_t before_ping = 0;  // of these, before the last ping
    std::size_t under_way = 0;      // to the peer's worker, by weight
    bool is_paused = false;
  };
  FarSession* far_session(const Link& link);

  const WorkerLink& workers_;
  std::map<std::uint32_t, FarSession> sessions_;
  std::uint32_t last_link_ = 0;
  std::size_t under_way_ = 0;  // of all
  bool is_stopping_ = false;
};

}  // namespace heliograph::gateway
