#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "gateway/application.hpp"
#include "gateway/client_session.hpp"
#include "gateway/guests.hpp"
#include "gateway/settings.hpp"
#include "gateway/shared_by_clients.hpp"
#include "signaling/service.hpp"

namespace heliograph::gateway {

/// Heliograph itself on one worker: its clients and their signalling service.
class Hub final : public Application, private signaling::Outbox {
 public:
  /// Throws std::runtime_error if OpenSSL fails.
  Hub(const HubSettings& settings, WorkerLink link);
  Hub(const Hub&) = delete;
  Hub& operator=(const Hub&) = delete;
  ~Hub() override;

  std::unique_ptr<Client> open(Channel& channel, const base::Now& now) override;
  void closed(std::unique_ptr<Client> client, CloseReason reason, const base::Now& now) override;
  void goodbye(std::string_view name, const base::Now& now) override;
  void stopping() override;
  void on_mail(Mail&& mail, const base::Now& now) override;
  void elapse(const base::Now& now) override;
  base::TimePoint deadline() const override;
  std::size_t held_bytes() const override;
  void drop_spare() override { shared_.replay_memory.blocks.clear(); }
  void free_memory(std::size_t bytes, const base::Now& now) override;

  /// Whether it has been told that the worker stops.
  bool is_stopping() const { return is_stopping_; }
  /// See WorkerLink::has_lease.
  bool has_lease(base::TimePoint now) const {
    return !shared_.link.has_lease || shared_.link.has_lease(now);
  }

  /// The other worker of this node where the peer lives; nothing if it lives elsewhere.
  std::optional<std::uint16_t> other_worker_of(const signaling::PeerId& peer) const;
  /// A session token from before that many returns of its peer, and what time it is, in seconds
  /// since the Unix epoch.
  struct HeldToken {
    std::uint32_t returns;
    std::int64_t now;
  };
  /// Whether the peer is connected, or may still return, and this token of it counts.
  /// A peer of another node counts as present as long as its node holds a lease; those of other
  /// workers are not known here.
  bool is_present(const signaling::PeerId& peer, const HeldToken& token) const;

 private:
  void give_up_heaviest();
  std::size_t held_for(const ClientSession& client);
  void end_for_memory(ClientSession& client);
  static void end_for_memory(FarSession& session) {
    session.channel().close(CloseReason::kOverMemory);
  }
  bool show_knocks(const signaling::PeerId& peer);
  std::size_t drop_knocks();
  std::size_t forget_places(std::size_t bytes);
  void log_freeing(std::size_t bytes, std::size_t clients, std::string_view app) const;
  void send_away(ClientSession& client);
  void keep(const signaling::PeerId& peer, std::unique_ptr<Client> client);

  void on_mail(signaling::WorkerMessage&& mail);
  void on_mail(const mail::Return& mail) { guests_.on_mail(mail, shared_.now); }
  void on_mail(const mail::FromClient& mail) { guests_.on_mail(mail, shared_.now); }
  void on_mail(const mail::Confirmed& mail) { guests_.on_mail(mail); }
  void on_mail(const mail::ClientGone& mail);
  void on_mail(const mail::ReturnGranted& mail) { shared_.far_sessions.on_mail(mail, shared_.now); }
  void on_mail(const mail::ReturnRefused& mail) { shared_.far_sessions.on_mail(mail); }
  void on_mail(const mail::ToClient& mail) { shared_.far_sessions.on_mail(mail); }
  void on_mail(const mail::CloseClient& mail) { shared_.far_sessions.on_mail(mail); }
  void on_mail(const mail::PingClient& mail) { shared_.far_sessions.on_mail(mail); }
  void on_mail(const mail::Taken& mail) { shared_.far_sessions.on_mail(mail); }
  void on_mail(const mail::PeersGone& mail);
  void on_mail(const mail::PeerGone& mail);
  void on_mail(const mail::Goodbye& mail) { shared_.absent.end(mail.peer); }
  void on_mail(const mail::LiveNodes& mail) { live_nodes_ = mail.nodes; }
  void on_mail(const mail::Emitted& mail) { shared_.service.emit(*mail.emission); }

  ClientOutput& output_of(const signaling::PeerId& peer) const {
    return shared_.clients.at(peer).output();
  }
  void deliver(const signaling::PeerId& to, const signaling::EventText& event,
               const signaling::SharedAttachments& attachments) override;
  void acknowledge(const signaling::PeerId& to, std::uint64_t id,
                   std::string_view arguments) override;
  void report(const signaling::PeerId& to, const signaling::Refusal& refusal,
              const signaling::RefusedEvent& refused) override;
  void report(const signaling::PeerId& to, std::string_view event) override;
  void knock(const signaling::PeerId& to, const signaling::Knock& knock,
             const signaling::SharedAttachments& attachments) override;
  bool is_congested(const signaling::Address& to) const override;
  void post(signaling::Address to, signaling::WorkerMessage message) override;
  bool end_absent(const signaling::PeerId& peer) override { return shared_.absent.end(peer); }
  void close_replaced(const signaling::Replace& replace) override;
  void replaced(const signaling::Replaced& answer) override;

  SharedByClients shared_;
  Guests guests_;
  std::shared_ptr<const std::set<std::uint32_t>> live_nodes_;  // null if the node is alone
  bool is_stopping_ = false;
};

}  // namespace heliograph::gateway
