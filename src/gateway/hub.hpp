#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "auth/crypto.hpp"
#include "auth/secrets.hpp"
#include "auth/tokens.hpp"
#include "base/block_pool.hpp"
#include "base/json.hpp"
#include "gateway/absent_clients.hpp"
#include "gateway/application.hpp"
#include "gateway/apps.hpp"
#include "gateway/client_session.hpp"
#include "gateway/far_sessions.hpp"
#include "gateway/guests.hpp"
#include "gateway/knock_watch.hpp"
#include "gateway/peer_deadlines.hpp"
#include "gateway/peer_table.hpp"
#include "gateway/recovery.hpp"
#include "gateway/settings.hpp"
#include "signaling/service.hpp"
#include "socketio/decoder.hpp"

namespace heliograph::gateway {

/// Heliograph itself on one worker: its clients and their signalling service.
class Hub final : public Application, private signaling::Outbox {
 public:
  Hub(const HubSettings& settings, WorkerLink link);
  Hub(const Hub&) = delete;
  Hub& operator=(const Hub&) = delete;
  ~Hub() override;

  std::unique_ptr<Client> open(Channel& channel, const base::Now& now) override;
  void closed(std::unique_ptr<Client> client, CloseReason reason, const base::Now& now) override;
  void goodbye(std::string_view name, const base::Now& now) override;
  void receive(Mail&& mail, const base::Now& now) override;
  void elapse(const base::Now& now) override;
  base::TimePoint deadline() const override;
  std::size_t held_bytes() const override;
  void drop_spare() override { replay_blocks_.clear(); }
  void free_memory(std::size_t bytes, const base::Now& now) override;

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
  friend class ClientSession;

  signaling::Address address() const { return {.node = link_.node, .worker = link_.index}; }
  signaling::PeerId add(ClientSession& client);
  void remove(const signaling::PeerId& peer);

  // A node that has slept must not go on with what others have ended meanwhile.
  bool may_serve() const {
    return !link_.may_serve || link_.may_serve(now_.real, times_peers_gone_);
  }

  // Clients that come back: see recovery.hpp.
  bool recovers() const { return settings_.recovery.window.count() > 0; }
  bool keeps_too_much() const { return kept_bytes_ + absent_.bytes() > max_kept_bytes_; }
  // At the next occasion, those for whom most is kept are given up.
  void keep_less() { has_to_keep_less_ = true; }
  void give_up_heaviest();
  std::size_t held_for(const ClientSession& client);
  void watch_knocks(const signaling::PeerId& peer, std::size_t dropped);
  bool show_knocks(const signaling::PeerId& peer);
  std::size_t drop_knocks();
  std::size_t forget_places(std::size_t bytes);
  void log_freeing(std::size_t bytes, std::size_t clients, std::string_view app) const;
  // Makes `client` the one of this peer, whose connection broke or is about to be found broken.
  // False where it cannot be sent all that the peer has missed; the peer is then no more.
  bool resume(ClientSession& client, const ReturnRequest& request);
  void send_away(ClientSession& client);
  // Takes out a peer that the client of `successor` was before. False if that client need not wait.
  bool replace(const signaling::PeerId& peer, const signaling::PeerId& successor,
               base::TimePoint deadline);
  void give_up(const ClientSession& detached) { absent_.give_up(*detached.peer()); }
  void end(std::unique_ptr<ClientSession> client, CloseReason reason);
  void keep(std::unique_ptr<ClientSession> client);

  void take(signaling::WorkerMessage&& mail);
  void take(const mail::Return& mail) { guests_.receive(mail, now_); }
  void take(const mail::FromClient& mail) { guests_.receive(mail, now_); }
  void take(const mail::Confirmed& mail) { guests_.receive(mail); }
  void take(const mail::ClientGone& mail);
  void take(const mail::ReturnGranted& mail);
  void take(const mail::ReturnRefused& mail);
  void take(const mail::ToClient& mail) { far_sessions_.receive(mail); }
  void take(const mail::CloseClient& mail) { far_sessions_.receive(mail); }
  void take(const mail::PingClient& mail) { far_sessions_.receive(mail); }
  void take(const mail::Taken& mail) { far_sessions_.receive(mail); }
  void take(const mail::PeersGone& mail);
  void take(const mail::PeerGone& mail);
  void take(const mail::Goodbye& mail) { absent_.end(mail.peer); }
  void take(const mail::LiveNodes& mail) { live_nodes_ = mail.nodes; }
  void take(const mail::Emitted& mail) { service_.emit(*mail.emission); }

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
  bool end_absent(const signaling::PeerId& peer) override { return absent_.end(peer); }
  void close_replaced(const signaling::Replace& replace) override;
  void replaced(const signaling::Replaced& answer) override;

  base::BlockPool replay_blocks_;  // first: all clients that are kept here have some
  HubSettings settings_;
  std::size_t max_kept_bytes_;  // this worker's part
  socketio::DecoderLimits decoder_limits_;
  WorkerLink link_;
  auth::Tokens tokens_;
  auth::RandomPool random_;
  auth::SecretHmac hmac_;
  signaling::Service service_;
  Apps apps_;
  json::Outline outline_;  // scratch of all decoders
  PeerTable<ClientSession> clients_;
  base::Now now_;  // of the call that is being carried out
  std::uint32_t times_peers_gone_ = 0;
  std::shared_ptr<const std::set<std::uint32_t>> live_nodes_;  // null where the node is alone
  bool is_stopping_ = false;

  std::size_t kept_bytes_ = 0;        // of all replays
  std::size_t unfinished_bytes_ = 0;  // of events that are not complete, or wait
  std::size_t knock_bytes_ = 0;       // of what strangers said to clients who are behind
  KnockWatch knock_watch_;
  bool has_to_keep_less_ = false;
  PeerDeadlines sign_in_ends_;  // when waiting auth-requests are answered at the latest
  AbsentClients absent_;
  Guests guests_;
  FarSessions far_sessions_;
};

}  // namespace heliograph::gateway
