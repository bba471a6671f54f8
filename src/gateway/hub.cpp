#include "gateway/hub.hpp"

#include <algorithm>
#include <utility>
#include <variant>
#include <vector>

#include "gateway/client_session.hpp"
#include "gateway/heaviest.hpp"
#include "gateway/refusal_log.hpp"

namespace heliograph::gateway {
namespace {

// Clients are refused if more bytes than this wait in the inbox of the other worker.
constexpr std::size_t kMostBacklog = 16UL * 1024 * 1024;

}  // namespace

Hub::Hub(const HubSettings& settings, WorkerLink link)
    : shared_(settings, std::move(link), *this), guests_(shared_) {}

// The peers that are kept go with the server; there is nobody left to be told of it.
Hub::~Hub() {
  shared_.clients.each([](ClientSession& client) {
    if (client.is_detached()) client.forget_peer();
  });
}

std::unique_ptr<Client> Hub::open(Channel& channel, const base::Now& now) {
  shared_.now = now;
  return std::make_unique<ClientSession>(shared_, channel, now);
}

void Hub::closed(std::unique_ptr<Client> client, CloseReason reason, const base::Now& now) {
  shared_.now = now;
  if (const auto peer = client->on_closed(reason)) keep(*peer, std::move(client));
}

// The peer may live on another worker, or have returned since.
void Hub::goodbye(std::string_view name, const base::Now& now) {
  shared_.now = now;
  const auto peer = signaling::parse_peer_id(name);
  if (!peer) return;
  if (const auto worker = other_worker_of(*peer)) {
    shared_.link.post(*worker, mail::Goodbye{*peer});
  } else {
    shared_.absent.end(*peer);
  }
}

// The clients that it closes are not told of each other, and those whose peers live on another
// worker need not be taken out there: that one stops as well.
void Hub::stopping() {
  is_stopping_ = true;
  shared_.far_sessions.stop();
}

void Hub::on_mail(const mail::ClientGone& mail) {
  auto client = guests_.take_out(mail.link);
  if (client) closed(std::move(client), mail.reason, shared_.now);
}

void Hub::on_mail(const mail::PeersGone& mail) {
  shared_.times_peers_gone = mail.times;
  shared_.clients.each([this](ClientSession& client) { send_away(client); });
}

void Hub::on_mail(const mail::PeerGone& mail) {
  if (ClientSession* const client = shared_.clients.find(mail.peer)) send_away(*client);
}

// For a reason that makes it connect again.
void Hub::send_away(ClientSession& client) {
  if (!shared_.absent.end(*client.peer())) client.close(CloseReason::kPeerLost);
}

// Without a connection, whichever worker that was on.
void Hub::keep(const signaling::PeerId& peer, std::unique_ptr<Client> client) {
  const base::TimePoint until = shared_.now.steady + shared_.settings.recovery.window;
  const std::size_t bytes = sizeof(ClientSession) + shared_.service.held_bytes(peer);
  shared_.absent.keep(peer, std::move(client), until, bytes);
  if (shared_.keeps_too_much()) shared_.has_to_keep_less = true;
}

void Hub::close_replaced(const signaling::Replace& replace) {
  if (end_absent(replace.peer)) return;
  ClientSession* const client = shared_.clients.find(replace.peer);
  if (client) client->close(CloseReason::kReplaced);
}

void Hub::replaced(const signaling::Replaced& answer) {
  shared_.clients.at(answer.successor).note_replaced(answer);
}

void Hub::elapse(const base::Now& now) {
  shared_.now = now;
  shared_.service.expire(now.steady);
  guests_.elapse(now);
  shared_.absent.end_given_up();
  shared_.knock_watch.elapse(now.steady, [this](const auto& peer) { return show_knocks(peer); });
  if (std::exchange(shared_.has_to_keep_less, false) && shared_.keeps_too_much()) {
    give_up_heaviest();
  }
  shared_.absent.end_overdue(now.steady);
  while (const auto end = shared_.sign_in_ends.take_due(now.steady)) {
    ClientSession* const client = shared_.clients.find(end->peer);
    if (client) client->elapse_sign_ins(now.steady);
  }
}

base::TimePoint Hub::deadline() const {
  if (shared_.has_to_keep_less) return {};
  return std::min({shared_.service.deadline(), guests_.deadline(), shared_.knock_watch.deadline(),
                   shared_.absent.deadline(), shared_.sign_in_ends.deadline()});
}

// Somewhat more than has to be, so that it need not be done again at once. A client that is
// connected stays so, and only cannot be recovered.
void Hub::give_up_heaviest() {
  std::vector<Holding<ClientSession*, bool>> holdings;
  shared_.clients.each([&](ClientSession& client) {
    const std::size_t absent_bytes = shared_.absent.bytes_of(*client.peer());
    holdings.push_back({&client, false, client.output().kept_bytes() + absent_bytes});
  });
  const std::size_t excess = shared_.kept_bytes() - shared_.max_kept_bytes / 10 * 9;
  const auto chosen = heaviest(std::move(holdings), excess);
  log_freeing(excess, chosen.size(), {});
  for (ClientSession* const client : chosen) {
    if (!shared_.absent.end(*client->peer())) client->output().drop_what_is_kept();
  }
}

std::size_t Hub::held_bytes() const {
  return shared_.replay_memory.bytes + shared_.unfinished_bytes + shared_.knock_bytes +
         shared_.service.held_bytes() + shared_.far_sessions.held_bytes();
}

std::size_t Hub::held_for(const ClientSession& client) {
  const Channel* const channel = client.output().channel();
  const std::size_t unsent = channel ? channel->held_bytes() : 0;
  const std::size_t state = client.peer() ? shared_.service.held_bytes(*client.peer()) : 0;
  return client.output().kept_bytes() + client.unfinished_bytes() + unsent + state;
}

// First what strangers have said: they can say it again.
void Hub::free_memory(std::size_t bytes, const base::Now& now) {
  shared_.now = now;
  std::size_t freed = drop_knocks();
  if (freed < bytes) freed += forget_places(bytes - freed);
  if (freed >= bytes) return;
  bytes -= freed;
  using Holder = std::variant<ClientSession*, FarSession*>;
  std::vector<Holding<Holder, Apps::Number>> holdings;
  shared_.clients.each([&](ClientSession& client) {
    if (!client.is_closing()) holdings.push_back({&client, client.app(), held_for(client)});
  });
  shared_.far_sessions.each([&](FarSession& session) {
    if (session.channel().is_closing()) return;
    holdings.push_back({&session, session.app(), session.held_bytes()});
  });
  const auto chosen = heaviest(std::move(holdings), bytes);
  if (chosen.empty()) return;
  const auto app = std::visit([](const auto* holder) { return holder->app(); }, chosen.front());
  log_freeing(bytes, chosen.size(), shared_.apps.name(app));
  for (const Holder& holder : chosen) {
    std::visit([this](auto* client) { this->end_for_memory(*client); }, holder);
  }
}

void Hub::end_for_memory(ClientSession& client) {
  if (client.is_detached()) {
    shared_.absent.end(*client.peer());
  } else {
    client.close(CloseReason::kOverMemory);
  }
}

void Hub::log_freeing(std::size_t bytes, std::size_t clients, std::string_view app) const {
  base::Log* const log = shared_.settings.log;
  if (!log || !log->admits(base::LogLevel::kWarn, "over memory")) return;
  log->write(base::LogLevel::kWarn, "over memory",
             {{"bytes", bytes}, {"clients", clients}, base::optional_field("app", app)});
}

void Hub::on_mail(Mail&& mail, const base::Now& now) {
  shared_.now = now;
  std::visit([this](auto&& item) { on_mail(std::forward<decltype(item)>(item)); }, std::move(mail));
}

void Hub::on_mail(signaling::WorkerMessage&& mail) {
  shared_.service.on_message(std::move(mail), shared_.now.steady);
}

std::optional<std::uint16_t> Hub::other_worker_of(const signaling::PeerId& peer) const {
  const auto& [node, worker] = peer.home;
  const WorkerLink& link = shared_.link;
  const bool is_other = node == link.node && worker != link.index && worker < link.count;
  return is_other ? std::optional(worker) : std::nullopt;
}

bool Hub::is_present(const signaling::PeerId& peer, const HeldToken& token) const {
  if (peer.home.node == shared_.link.node) {
    const ClientSession* const client = shared_.clients.find(peer);
    return client && !client->is_over(token.now) && !client->has_replaced(token.returns, token.now);
  }
  return live_nodes_ && live_nodes_->contains(peer.home.node);
}

void Hub::deliver(const signaling::PeerId& to, const signaling::EventText& event,
                  const signaling::SharedAttachments& attachments) {
  output_of(to).send_event(event, attachments);
}

void Hub::knock(const signaling::PeerId& to, const signaling::Knock& knock,
                const signaling::SharedAttachments& attachments) {
  output_of(to).send_knock(knock, attachments);
}

std::size_t Hub::drop_knocks() {
  const std::size_t bytes = shared_.knock_bytes;
  if (bytes == 0) return 0;
  shared_.clients.each([](ClientSession& client) { client.output().drop_knocks(); });
  log_freeing(bytes, 0, {});
  return bytes;
}

// The peers that left them have gone.
std::size_t Hub::forget_places(std::size_t bytes) {
  const std::size_t freed = shared_.service.forget_places(bytes, shared_.now.steady);
  if (freed > 0) log_freeing(freed, 0, {});
  return freed;
}

// Whether there is nothing left to show. A client that is away is told when it returns.
bool Hub::show_knocks(const signaling::PeerId& peer) {
  ClientSession* const client = shared_.clients.find(peer);
  if (!client || client->is_detached()) return true;
  client->output().show_knocks();
  return !client->output().has_knocks();
}

void Hub::acknowledge(const signaling::PeerId& to, std::uint64_t id, std::string_view arguments) {
  log_refusal(shared_.settings.log, arguments, to, output_of(to).channel());
  output_of(to).send_acknowledgement(id, arguments);
}

void Hub::report(const signaling::PeerId& to, const signaling::Refusal& refusal,
                 const signaling::RefusedEvent& refused) {
  ClientOutput& output = output_of(to);
  log_refusal(shared_.settings.log,
              {refusal.error, refused.event, refused.room, output.peer(), output.channel()});
  output.report(refusal, refused);
}

void Hub::report(const signaling::PeerId& to, std::string_view event) {
  log_refusal(shared_.settings.log, event, to, output_of(to).channel());
  output_of(to).send_request_error(event);
}

bool Hub::is_congested(const signaling::Address& to) const {
  const WorkerLink& link = shared_.link;
  const bool is_here = to.node == link.node && to.worker < link.count;
  return is_here && link.backlog && link.backlog(to.worker) > kMostBacklog;
}

// A server that stops is not a room that empties.
void Hub::post(signaling::Address to, signaling::WorkerMessage message) {
  if (is_stopping_) return;
  const WorkerLink& link = shared_.link;
  if (to.node == link.node && to.worker < link.count) {
    link.post(to.worker, std::move(message));
  } else {
    link.post_far(to, std::move(message));
  }
}

}  // namespace heliograph::gateway
