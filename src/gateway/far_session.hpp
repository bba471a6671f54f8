#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "gateway/allowance.hpp"
#include "gateway/application.hpp"
#include "gateway/apps.hpp"
#include "gateway/counted_bytes.hpp"
#include "gateway/mail.hpp"
#include "signaling/limits.hpp"
#include "signaling/peer_id.hpp"

namespace heliograph::gateway {

class FarSession;

/// State that the far sessions of one worker share. FarSessions owns it.
struct SharedByFarSessions {
  const WorkerLink& workers;
  const signaling::Limits& limits;
  Apps& apps;
  std::map<std::uint32_t, FarSession*> by_link{};
  std::size_t held_bytes = 0;  // of messages that wait for an answer or are under way
  bool is_stopping = false;    // so other workers are told nothing more
};

/// A message that a client has sent before its peer's worker has answered.
struct HeldMessage {
  bool binary = false;
  std::string data;
};

/// A client whose peer lives on another worker, where it is a guest: see mail.hpp. At first it asks
/// that worker whether the client may return, and holds the client's messages. If it may, messages
/// are carried in both directions from then on. If not, the Client that was on the channel before
/// takes its place again.
class FarSession final : public Client {
 public:
  /// The Client that was on the channel before.
  struct Former {
    std::unique_ptr<Client> client;
    /// Has it go on as a new peer of this worker, which has said this meanwhile.
    std::function<void(std::span<const HeldMessage>)> go_on;
  };
  struct Asking {
    Former former;
    std::vector<HeldMessage> messages;
  };

  /// `allowance` is what the client may send, and goes on from what it is now.
  FarSession(SharedByFarSessions& shared, std::uint32_t link, Channel& channel,
             const ReturnRequest& request, const Allowance& allowance);
  ~FarSession() override;
  FarSession(const FarSession&) = delete;
  FarSession& operator=(const FarSession&) = delete;

  /// Once, when it is on its channel.
  void ask(const ReturnRequest& request, Former former);
  /// Gives back what ask() was given, and what the client has said since: the answer has come.
  Asking end_asking();

  void on_message(const Message& message, const base::Now& now) override;
  base::TimePoint deadline() const override;
  CloseReason overdue() const override;
  void pinged(const base::Now& now) override;
  void ping_sent() override { before_ping_ = sent_; }
  void ping_answered() override;
  std::string name_for_log() const override;
  std::optional<signaling::PeerId> on_closed(CloseReason reason) override;

  void on_mail(const mail::ReturnGranted& mail, const base::Now& now);
  void on_mail(const mail::ToClient& message);
  void on_mail(const mail::CloseClient& close) { channel_.close(close.reason); }
  void on_mail(const mail::PingClient& ping);
  void on_mail(const mail::Taken& taken);

  Channel& channel() const { return channel_; }
  Apps::Number app() const { return app_; }
  /// Bytes held here for the client.
  std::size_t held_bytes() const { return waiting_ + channel_.held_bytes(); }

 private:
  void hold(const Message& message);
  void carry(const Message& message, const base::Now& now);

  SharedByFarSessions& shared_;
  Link link_;
  Channel& channel_;
  signaling::PeerId peer_;
  Apps::Number app_;
  bool is_paused_ = false;
  Allowance allowance_;
  std::optional<Asking> asking_;
  CountedBytes waiting_;           // messages for the answer
  CountedBytes under_way_;         // to the peer's worker, by weight
  std::uint64_t sent_ = 0;         // messages to the client so far
  std::uint64_t before_ping_ = 0;  // of these, before the last ping
};

}  // namespace heliograph::gateway
