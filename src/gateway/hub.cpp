#include "gateway/hub.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "auth/crypto.hpp"
#include "base/base64.hpp"
#include "gateway/client_session.hpp"
#include "gateway/heaviest.hpp"
#include "gateway/refusal_log.hpp"

namespace heliograph::gateway {
namespace {

// Clients are refused if more bytes than this wait in the inbox of the other worker.
constexpr std::size_t kMostBacklog = 16UL * 1024 * 1024;

std::uint64_t random_nonce(auth::RandomPool& random) {
  std::array<unsigned char, 8> bytes{};
  random.fill(bytes);
  std::uint64_t nonce = 0;
  std::memcpy(&nonce, bytes.data(), sizeof nonce);
  return nonce;
}

std::string random_ticket(auth::RandomPool& random) {
  std::array<unsigned char, 16> bytes{};
  random.fill(bytes);
  return base::base64url_encode({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

// RFC 9562 §5.4.
std::string random_uuid() {
  std::array<unsigned char, 16> b{};
  auth::random_bytes(b);
  b[6] = static_cast<unsigned char>((b[6] & 0x0F) | 0x40);
  b[8] = static_cast<unsigned char>((b[8] & 0x3F) | 0x80);
  std::string uuid;
  for (std::size_t i = 0; i < b.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) uuid += '-';
    uuid += fmt::format("{:02x}", b[i]);
  }
  return uuid;
}

}  // namespace

Hub::Hub(const HubSettings& settings, WorkerLink link)
    : settings_(settings),
      max_kept_bytes_(settings.recovery.max_total_bytes / link.count),
      decoder_limits_{.max_json_depth = settings.limits.max_json_depth,
                      .max_event_bytes = settings.limits.max_event_bytes,
                      .large_event = text(signaling::ClientEvent::kRelaySessionDescription),
                      .max_large_event_bytes = settings.limits.max_description_bytes},
      link_(std::move(link)),
      tokens_(settings.app_secret),
      hmac_(settings.app_secret),
      service_({.self = {.node = link_.node, .worker = link_.index},
                .workers = link_.count,
                .is_clustered = link_.post_far != nullptr,
                .indexes_members = settings.takes_emissions,
                .make_room_name = random_uuid,
                .make_ticket = settings.limits.ticket_lifetime.count() == 0
                                   ? std::function<std::string()>()
                                   : [this] { return random_ticket(random_); },
                .digests =
                    [this](std::string_view password) {
                      std::vector<std::string> digests;
                      hmac_.each([&](const auth::HmacSha256& hmac) {
                        digests.emplace_back(auth::as_text(hmac("room password ", password)));
                      });
                      return digests;
                    },
                .guesses = settings.guesses},
               settings.limits, *this),
      guests_(*this, link_),
      far_sessions_(link_) {}

// The peers that are kept go with the server; there is nobody left to be told of it.
Hub::~Hub() {
  clients_.each([](ClientSession& client) {
    if (client.is_detached()) client.forget_peer();
  });
}

std::unique_ptr<Client> Hub::open(Channel& channel, const base::Now& now) {
  now_ = now;
  return std::make_unique<ClientSession>(*this, channel, now);
}

void Hub::closed(std::unique_ptr<Client> client, CloseReason reason, const base::Now& now) {
  now_ = now;
  // Every Client is one that open() made.
  std::unique_ptr<ClientSession> session(static_cast<ClientSession*>(client.release()));
  if (session->link() != 0) return far_sessions_.close(session->link(), reason);
  session->detach();
  end(std::move(session), reason);
}

// The peer may live on another worker, or have returned since.
void Hub::goodbye(std::string_view name, const base::Now& now) {
  now_ = now;
  const auto peer = signaling::parse_peer_id(name);
  if (!peer) return;
  if (const auto worker = other_worker_of(*peer)) {
    link_.post(*worker, mail::Goodbye{*peer});
  } else {
    absent_.end(*peer);
  }
}

void Hub::take(const mail::ClientGone& mail) {
  if (auto client = guests_.take_out(mail.link)) end(std::move(client), mail.reason);
}

void Hub::take(const mail::ReturnGranted& mail) {
  if (ClientSession* const client = far_sessions_.find(mail.link)) client->return_granted();
}

void Hub::take(const mail::ReturnRefused& mail) {
  if (ClientSession* const client = far_sessions_.take_out(mail.link)) client->return_refused();
}

void Hub::take(const mail::PeersGone& mail) {
  times_peers_gone_ = mail.times;
  clients_.each([this](ClientSession& client) { send_away(client); });
}

void Hub::take(const mail::PeerGone& mail) {
  if (ClientSession* const client = clients_.find(mail.peer)) send_away(*client);
}

// For a reason that makes it connect again.
void Hub::send_away(ClientSession& client) {
  if (!absent_.end(*client.peer())) client.close(CloseReason::kPeerLost);
}

// Without a connection, whichever worker that was on: kept for a while, or gone with its peer.
void Hub::end(std::unique_ptr<ClientSession> client, CloseReason reason) {
  is_stopping_ = is_stopping_ || reason == CloseReason::kGoingAway;
  if (client->may_return_after(reason)) keep(std::move(client));
}

void Hub::keep(std::unique_ptr<ClientSession> client) {
  const signaling::PeerId peer = *client->peer();
  const base::TimePoint until = now_.steady + settings_.recovery.window;
  const std::size_t bytes = sizeof(ClientSession) + service_.held_bytes(peer);
  absent_.keep(peer, std::move(client), until, bytes);
  if (keeps_too_much()) keep_less();
}

bool Hub::resume(ClientSession& client, const ReturnRequest& request) {
  ClientSession* const before = clients_.find(request.peer);
  if (!before) return false;
  const std::unique_ptr<Client> absent = absent_.take_out(request.peer);
  const bool resumes = client.take_over(*before, request);
  if (resumes) clients_.set(request.peer, client);
  // Where its connection still seems to be there, it is the one that the client has given up.
  before->close(CloseReason::kResumed);
  return resumes;
}

bool Hub::replace(const signaling::PeerId& peer, const signaling::PeerId& successor,
                  base::TimePoint deadline) {
  sign_in_ends_.add(deadline, successor);
  return service_.replace(peer, successor, now_.steady);
}

void Hub::close_replaced(const signaling::Replace& replace) {
  if (end_absent(replace.peer)) return;
  ClientSession* const client = clients_.find(replace.peer);
  if (client) client->close(CloseReason::kReplaced);
}

void Hub::replaced(const signaling::Replaced& answer) {
  clients_.at(answer.successor).note_replaced(answer);
}

void Hub::elapse(const base::Now& now) {
  now_ = now;
  service_.expire(now.steady);
  guests_.elapse(now);
  absent_.end_given_up();
  knock_watch_.elapse(now.steady, [this](const auto& peer) { return show_knocks(peer); });
  if (std::exchange(has_to_keep_less_, false) && keeps_too_much()) give_up_heaviest();
  absent_.end_overdue(now.steady);
  while (const auto end = sign_in_ends_.take_due(now.steady)) {
    if (ClientSession* const client = clients_.find(end->peer)) client->elapse_sign_ins(now.steady);
  }
}

base::TimePoint Hub::deadline() const {
  if (has_to_keep_less_) return {};
  return std::min({service_.deadline(), guests_.deadline(), knock_watch_.deadline(),
                   absent_.deadline(), sign_in_ends_.deadline()});
}

// Somewhat more than has to be, so that it need not be done again at once. Whoever is connected
// stays so, and only cannot be recovered.
void Hub::give_up_heaviest() {
  std::vector<Holding<ClientSession*, bool>> holdings;
  clients_.each([&](ClientSession& client) {
    const std::size_t absent_bytes = absent_.bytes_of(*client.peer());
    holdings.push_back({&client, false, client.kept_bytes() + absent_bytes});
  });
  const std::size_t excess = kept_bytes_ + absent_.bytes() - max_kept_bytes_ / 10 * 9;
  const auto chosen = heaviest(std::move(holdings), excess);
  log_freeing(excess, chosen.size(), {});
  for (ClientSession* const client : chosen) {
    if (!absent_.end(*client->peer())) client->drop_what_is_kept();
  }
}

std::size_t Hub::held_bytes() const {
  return kept_bytes_ + unfinished_bytes_ + knock_bytes_ + service_.held_bytes() +
         far_sessions_.under_way();
}

std::size_t Hub::held_for(const ClientSession& client) {
  const std::size_t unsent = client.channel() ? client.channel()->held_bytes() : 0;
  const std::size_t state = client.peer() ? service_.held_bytes(*client.peer()) : 0;
  return client.kept_bytes() + client.unfinished_bytes() + unsent + state;
}

// First what strangers have said: they can say it again.
void Hub::free_memory(std::size_t bytes, const base::Now& now) {
  now_ = now;
  std::size_t freed = drop_knocks();
  if (freed < bytes) freed += forget_places(bytes - freed);
  if (freed >= bytes) return;
  bytes -= freed;
  std::vector<Holding<ClientSession*, Apps::Number>> holdings;
  const auto add = [&](ClientSession& client) {
    if (!client.is_closing()) holdings.push_back({&client, client.app(), held_for(client)});
  };
  clients_.each(add);
  far_sessions_.each(add);
  const auto chosen = heaviest(std::move(holdings), bytes);
  if (chosen.empty()) return;
  log_freeing(bytes, chosen.size(), apps_.name(chosen.front()->app()));
  for (ClientSession* const client : chosen) {
    if (client->is_detached()) {
      absent_.end(*client->peer());
    } else {
      client->close(CloseReason::kOverMemory);
    }
  }
}

void Hub::log_freeing(std::size_t bytes, std::size_t clients, std::string_view app) const {
  if (!settings_.log || !settings_.log->admits(base::LogLevel::kWarn, "over memory")) return;
  settings_.log->write(base::LogLevel::kWarn, "over memory",
                       {{"bytes", bytes}, {"clients", clients}, base::optional_field("app", app)});
}

void Hub::receive(Mail&& mail, const base::Now& now) {
  now_ = now;
  std::visit([this](auto&& item) { take(std::forward<decltype(item)>(item)); }, std::move(mail));
}

void Hub::take(signaling::WorkerMessage&& mail) { service_.receive(std::move(mail), now_.steady); }

signaling::PeerId Hub::add(ClientSession& client) {
  const signaling::PeerId peer = service_.add_peer(random_nonce(random_));
  clients_.set(peer, client);
  return peer;
}

std::optional<std::uint16_t> Hub::other_worker_of(const signaling::PeerId& peer) const {
  const auto& [node, worker] = peer.home;
  const bool is_other = node == link_.node && worker != link_.index && worker < link_.count;
  return is_other ? std::optional(worker) : std::nullopt;
}

bool Hub::is_present(const signaling::PeerId& peer, const HeldToken& token) const {
  if (peer.home.node == link_.node) {
    const ClientSession* const client = clients_.find(peer);
    return client && !client->is_over(token.now) && !client->has_replaced(token.returns, token.now);
  }
  return live_nodes_ && live_nodes_->contains(peer.home.node);
}

void Hub::remove(const signaling::PeerId& peer) {
  clients_.clear(peer);
  service_.remove_peer(peer, now_.steady);
}

void Hub::deliver(const signaling::PeerId& to, const signaling::EventText& event,
                  const signaling::SharedAttachments& attachments) {
  clients_.at(to).send_event(event, attachments);
}

void Hub::knock(const signaling::PeerId& to, const signaling::Knock& knock,
                const signaling::SharedAttachments& attachments) {
  clients_.at(to).send_knock(knock, attachments);
}

// The client is behind, and is looked at again a little later.
void Hub::watch_knocks(const signaling::PeerId& peer, std::size_t dropped) {
  knock_watch_.add(peer, now_.steady);
  if (dropped > 0 && settings_.log &&
      settings_.log->admits(base::LogLevel::kWarn, "join requests dropped")) {
    settings_.log->write(
        base::LogLevel::kWarn, "join requests dropped",
        {{"peer", std::string_view(signaling::PeerIdText(peer))}, {"count", dropped}});
  }
}

std::size_t Hub::drop_knocks() {
  const std::size_t bytes = knock_bytes_;
  if (bytes == 0) return 0;
  clients_.each([](ClientSession& client) { client.drop_knocks(); });
  log_freeing(bytes, 0, {});
  return bytes;
}

// Whoever has left them has gone.
std::size_t Hub::forget_places(std::size_t bytes) {
  const std::size_t freed = service_.forget_places(bytes, now_.steady);
  if (freed > 0) log_freeing(freed, 0, {});
  return freed;
}

// Whether there is nothing left to show. A client that is away is told when it returns.
bool Hub::show_knocks(const signaling::PeerId& peer) {
  ClientSession* const client = clients_.find(peer);
  if (!client || client->is_detached()) return true;
  client->show_knocks();
  return !client->has_knocks();
}

void Hub::acknowledge(const signaling::PeerId& to, std::uint64_t id, std::string_view arguments) {
  log_refusal(settings_.log, arguments, to, clients_.at(to).channel());
  clients_.at(to).send_acknowledgement(id, arguments);
}

void Hub::report(const signaling::PeerId& to, const signaling::Refusal& refusal,
                 const signaling::RefusedEvent& refused) {
  ClientSession& client = clients_.at(to);
  log_refusal(settings_.log,
              {refusal.error, refused.event, refused.room, client.peer(), client.channel()});
  client.report(refusal, refused);
}

void Hub::report(const signaling::PeerId& to, std::string_view event) {
  log_refusal(settings_.log, event, to, clients_.at(to).channel());
  clients_.at(to).send_request_error(event);
}

bool Hub::is_congested(const signaling::Address& to) const {
  const bool is_here = to.node == link_.node && to.worker < link_.count;
  return is_here && link_.backlog && link_.backlog(to.worker) > kMostBacklog;
}

// A server that stops is not a room that empties: clients that it has not closed yet are not told.
void Hub::post(signaling::Address to, signaling::WorkerMessage message) {
  if (is_stopping_) return;
  if (to.node == link_.node && to.worker < link_.count) {
    link_.post(to.worker, std::move(message));
  } else {
    link_.post_far(to, std::move(message));
  }
}

}  // namespace heliograph::gateway
