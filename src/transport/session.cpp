// Long because polling, upgrading and closing share the state of one session.
#include "transport/session.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "engineio/handshake.hpp"
#include "engineio/payload.hpp"
#include "reactor/drain.hpp"
#include "transport/polling.hpp"

namespace heliograph::transport {
namespace {

using engineio::PacketType;
using engineio::Step;
using engineio::Transport;
using gateway::CloseReason;

// How long a GET may be behind the POST that was sent together with it and closed the session.
constexpr std::chrono::milliseconds kLastPollTimeout{100};

std::uint32_t seconds(const base::Now& now) {
  return static_cast<std::uint32_t>(
      std::chrono::duration_cast<std::chrono::seconds>(now.steady.time_since_epoch()).count());
}

std::string_view name(Transport transport) {
  return transport == Transport::kPolling ? "polling" : "websocket";
}

// A waiting request is answered: the session has to do with it no more.
void answer(http::Exchange*& waiting, http::Response response) {
  http::Exchange& exchange = *std::exchange(waiting, nullptr);
  exchange.belong_to(nullptr);
  exchange.respond(std::move(response));
}

}  // namespace

bool SessionOwner::end_turn() {
  const bool had_polls = reactor::drain(polls_, [](Session* session) { session->answer_poll(); });
  return reactor::drain(ending_, [](Session* session) { session->end(); }) || had_polls;
}

Session::Session(SessionOwner& owner, const SessionId& id, Transport transport,
                 const http::ClientAddress& client, AddressTable::SessionPlace place)
    : owner_(owner),
      id_(id),
      state_(transport, owner.settings(), owner.turn().now().steady),
      is_limited_(client.is_limited),
      opened_at_(seconds(owner.turn().now())),
      address_(client.address),
      place_(std::move(place)) {}

Session::~Session() { owner_.turn().hold(queued_bytes(), 0); }

void Session::count_queue(std::size_t before) { owner_.turn().hold(before, queued_bytes()); }

std::size_t Session::held_bytes() const {
  return websocket_ ? websocket_->held_for_client() : queued_bytes();
}

void Session::open(gateway::Application& application) {
  const engineio::Settings& settings = owner_.settings();
  const std::string sid = to_text(id_);
  const std::string packet =
      engineio::open_packet({.sid = sid,
                             .can_upgrade = transport() == Transport::kPolling,
                             .ping_interval = settings.ping_interval,
                             .ping_timeout = settings.ping_timeout,
                             .max_payload = settings.max_payload});
  if (websocket_) {
    websocket_->send(websocket::Opcode::kText, packet);
  } else {
    queue(PacketType::kOpen, std::array<std::string_view, 1>{std::string_view(packet).substr(1)});
  }
  application_ = &application;
  client_ = application.open(*this, owner_.turn().now());
  log_start();
  arm();
  if (is_admitted_) return;
  is_waiting_ = true;
  owner_.begin_waiting(*this);
}

bool Session::begin_probe() {
  if (!is_alive() || !state_.begin_probe(owner_.turn().now().steady)) return false;
  arm();
  return true;
}

void Session::attach_probe(WebSocketProtocol& websocket) {
  probe_ = &websocket;
  if (is_admitted_) probe_->admit();
}

void Session::end_waiting() {
  if (!is_waiting_) return;
  is_waiting_ = false;
  owner_.end_waiting();
}

void Session::admit() {
  is_admitted_ = true;
  end_waiting();
  if (websocket_) websocket_->admit();
  if (probe_) probe_->admit();
  if (post_) post_->admit();
}

void Session::pause() {
  is_paused_ = true;
  if (websocket_) websocket_->pause();
}

void Session::resume() {
  is_paused_ = false;
  if (is_closing_) return;
  state_.resume(owner_.turn().now().steady);
  arm();
  if (websocket_) websocket_->resume();
  if (!holds_post_) return;
  holds_post_ = false;
  answer(post_, post_response());
}

std::size_t Session::max_body_bytes() const {
  return is_admitted_ ? owner_.settings().max_payload : kMostBeforeConnect;
}

void Session::belong(http::Exchange& exchange) {
  exchange.belong_to(this);
  if (is_admitted_) exchange.admit();
}

bool Session::on_poll(http::Exchange& get) {
  if (awaits_last_polls()) {
    poll_ = &get;
    belong(get);
    if (is_lingering_ && is_set()) {  // Otherwise the end of the turn comes by anyway.
      unlink();
      owner_.will_end(*this);
    }
    return true;
  }
  if (!is_alive() || transport() != Transport::kPolling) return false;
  if (poll_) {
    close(CloseReason::kOverlappingPolls);
    return false;
  }
  poll_ = &get;
  belong(get);
  if (queue_ || state_.is_upgrading()) queued();
  return true;
}

void Session::client_gone(http::Exchange& exchange) {
  (&exchange == poll_ ? poll_ : post_) = nullptr;
  holds_post_ = holds_post_ && post_;
  if (transport() == Transport::kPolling) close(CloseReason::kTransportLost);
}

bool Session::begin_post(http::Exchange& exchange, ExpectedBody body) {
  if (owes_packets()) return true;
  if (!is_alive() || transport() != Transport::kPolling) return false;
  if (post_ && body == ExpectedBody::kGoodbye) return true;
  if (post_) {
    close(CloseReason::kOverlappingPosts);
    return false;
  }
  post_ = &exchange;
  belong(exchange);
  return true;
}

bool Session::on_post(http::Exchange& exchange, std::string_view body) {
  if (owes_packets()) return ignore_post(exchange);
  const bool is_beside = post_ && post_ != &exchange;
  if (is_beside && body == kGoodbye) return on_goodbye(exchange);
  if (post_ != &exchange && !begin_post(exchange, ExpectedBody::kPackets)) return false;
  std::exchange(post_, nullptr)->belong_to(nullptr);
  if (!is_alive() || transport() != Transport::kPolling) return false;
  if (engineio::count_packets(body) > engineio::kMostPackets) {
    close(CloseReason::kTooManyPackets);
    return false;
  }
  engineio::PayloadReader reader(body);
  while (const auto packet = reader.next()) {
    if (on_packet(*packet)) continue;
    if (close_reason_ != CloseReason::kClosedByClient) return false;
    post_ = &exchange;
    belong(exchange);
    return true;
  }
  if (reader.failed()) {
    close(CloseReason::kMalformedPacket);
    return false;
  }
  if (is_paused_) {
    holds_post_ = true;
    post_ = &exchange;
    belong(exchange);
    return true;
  }
  exchange.respond(post_response());
  return true;
}

// The other POST is of the page that goes.
bool Session::on_goodbye(http::Exchange& exchange) {
  std::exchange(post_, nullptr)->belong_to(nullptr);
  holds_post_ = false;
  return on_post(exchange, kGoodbye);
}

// A POST that crosses the closing is taken, so that its client goes on to poll.
bool Session::ignore_post(http::Exchange& exchange) {
  if (post_ == &exchange) std::exchange(post_, nullptr)->belong_to(nullptr);
  exchange.respond(post_response());
  return true;
}

bool Session::awaits_last_polls() const {
  return is_closing_ && !poll_ && (is_closed_by_post() || owes_packets());
}

bool Session::is_closed_by_post() const {
  return close_reason_ == CloseReason::kClosedByClient && transport() == Transport::kPolling;
}

bool Session::owes_packets() const {
  return is_closing_ && gateway::is_breach(close_reason_) && transport() == Transport::kPolling &&
         queue_;
}

// What the wheel has not noticed yet, rounding times up, is looked at exactly.
bool Session::is_alive() {
  if (!is_closing_) elapse();
  return !is_closing_;
}

void Session::send_text(std::span<const std::string_view> parts) {
  if (is_closing_) return;
  if (websocket_) {
    return websocket_->send(websocket::Opcode::kText, engineio::type_text(PacketType::kMessage),
                            parts);
  }
  queue(PacketType::kMessage, parts);
}

void Session::send_kept(const gateway::KeptMessage& kept) {
  if (is_closing_) return;
  if (websocket_) return websocket_->send_frame(kept.frame, kept.memory);
  queue(PacketType::kMessage, {&kept.message, 1});
}

void Session::send_binary(std::string_view bytes) {
  if (is_closing_) return;
  if (websocket_) return websocket_->send(websocket::Opcode::kBinary, bytes);
  const std::size_t before = queued_bytes();
  if (!queue_) queue_ = std::make_unique<engineio::PollQueue>();
  queue_->append_binary(bytes);
  count_queue(before);
  queued();
}

void Session::send_packet(PacketType type, std::string_view data) {
  if (websocket_) {
    return websocket_->send(websocket::Opcode::kText, engineio::type_text(type), {&data, 1});
  }
  queue(type, {&data, 1});
}

bool Session::ping() {
  if (is_closing_ || !state_.begin_ping(owner_.turn().now().steady)) return false;
  send_packet(PacketType::kPing);
  arm_earlier();
  return true;
}

std::size_t Session::unsent() const {
  if (websocket_) return websocket_->unsent();
  return queued_bytes();
}

void Session::on_stall(base::Duration stall) {
  if (is_closing_) return;
  if (state_.on_stall(stall, owner_.turn().now().steady) == Step::kSendPing) send_ping();
  arm_earlier();
}

void Session::send_ping() {
  client_->ping_sent();
  send_packet(PacketType::kPing);
}

void Session::queue(PacketType type, std::span<const std::string_view> parts) {
  const std::size_t before = queued_bytes();
  if (!queue_) queue_ = std::make_unique<engineio::PollQueue>();
  std::string& payload = queue_->payload_for_packet(type);
  for (const std::string_view part : parts) payload += part;
  count_queue(before);
  queued();
}

void Session::queued() {
  if (queue_ && queue_->size() > owner_.turn().max_unsent_bytes())
    close(CloseReason::kTooMuchUnsent);
  if (!poll_ || answers_poll_ || is_closing_) return;
  answers_poll_ = true;
  owner_.will_answer_poll(*this);
}

void Session::answer_poll() {
  answers_poll_ = false;
  if (!poll_) return;
  const std::size_t before = queued_bytes();
  std::string payload =
      queue_ ? queue_->take() : std::string(engineio::type_text(PacketType::kNoop));
  if (queue_ && queue_->empty()) queue_.reset();
  count_queue(before);
  answer(poll_, poll_response(std::move(payload)));
}

void Session::close(CloseReason reason) {
  if (is_closing_) return;
  end_waiting();
  is_closing_ = true;
  close_reason_ = reason;
  owner_.will_end(*this);
}

// The one place where a session ends.
void Session::end() {
  if (client_) {
    log_end();
    const bool is_lost = close_reason_ == CloseReason::kTransportLost;
    if (is_lost && transport() == Transport::kPolling) {
      owner_.note_lost(id_, client_->name_for_log());
    }
    application_->closed(std::move(client_), close_reason_, owner_.turn().now());
  }
  if (needs_another_poll()) return linger();
  if (poll_) {
    const std::size_t before = queued_bytes();
    std::string payload =
        queue_ ? queue_->take(engineio::PollQueue::kMaxPackets - 1) : std::string{};
    count_queue(before);
    const bool by_client = close_reason_ == CloseReason::kClosedByClient;
    engineio::append_packet(payload, by_client ? PacketType::kNoop : PacketType::kClose, {});
    answer(poll_, poll_response(std::move(payload)));
  }
  if (post_ && is_closed_by_post()) {
    answer(post_, post_response());
  } else if (post_) {
    std::exchange(post_, nullptr)->belong_to(nullptr);
  }
  if (websocket_) websocket_->close(close_reason_);
  if (probe_) probe_->close(close_reason_);
  owner_.erase(*this);
}

// Answers the poll that waits if there is more to come than it can take.
bool Session::needs_another_poll() {
  if (!poll_) return !is_lingering_ && awaits_last_polls();
  if (!owes_packets() || queue_->fits(1)) return false;
  answer_poll();
  return true;
}

void Session::log_start() {
  base::Log& log = owner_.log();
  if (!log.admits(base::LogLevel::kInfo, "connected")) return;
  log.write(base::LogLevel::kInfo, "connected",
            {{"address", address()}, {"transport", name(transport())}});
}

void Session::log_end() {
  const auto& [code, reason, severity] = gateway::text(close_reason_);
  const base::LogLevel level =
      severity == gateway::Severity::kProblem ? base::LogLevel::kWarn : base::LogLevel::kInfo;
  base::Log& log = owner_.log();
  if (!log.admits(level, "disconnected", reason)) return;
  const std::string peer = client_->name_for_log();
  log.write(level, "disconnected",
            {{"address", address()},
             {"transport", name(transport())},
             {"reason", reason},
             {"seconds", seconds(owner_.turn().now()) - opened_at_},
             base::optional_field("peer", peer)});
}

// Why on_poll(), begin_post() or on_post() has returned false.
std::string_view Session::refusal() const {
  if (is_closing_) return gateway::text(close_reason_).text;
  return "the session has been upgraded to a WebSocket";
}

void Session::linger() {
  is_lingering_ = true;
  const auto timeout = owes_packets() ? owner_.settings().ping_timeout : kLastPollTimeout;
  owner_.turn().timers().set(*this, owner_.turn().now().steady + timeout);
}

void Session::on_message(WebSocketProtocol& from, const gateway::Message& message) {
  if (is_closing_) return;
  const auto packet =
      message.binary
          ? engineio::Packet{PacketType::kMessage, true, message.data}
          : engineio::decode(message.data)
                .value_or(engineio::Packet{
                    PacketType::kOpen, false, {}});  // breaks the protocol, as no packet does
  if (&from == probe_) {
    on_probe_packet(packet);
  } else {
    on_packet(packet);
  }
}

// False if the packet ends the session.
bool Session::on_packet(const engineio::Packet& packet) {
  const base::Now& now = owner_.turn().now();
  switch (state_.on_packet(packet, now.steady)) {
    case Step::kDeliver:
      client_->on_message({packet.binary, packet.data}, now);
      break;
    case Step::kAnswered:
      client_->ping_answered();
      if (state_.deadline() <= now.steady) elapse();
      break;
    case Step::kNothing:
      client_->pinged(now);
      break;
    case Step::kClosedByClient:
      close(CloseReason::kClosedByClient);
      break;
    case Step::kProtocolError:
      close(CloseReason::kUnexpectedPacket);
      break;
    default:
      break;
  }
  arm_earlier();
  return !is_closing_;
}

void Session::pinged(WebSocketProtocol& /*from*/) {
  if (!is_closing_) client_->pinged(owner_.turn().now());
}

void Session::on_probe_packet(const engineio::Packet& packet) {
  const Step step = state_.on_probe_packet(packet);
  if (step == Step::kUpgrade) return upgrade();
  if (step == Step::kEndProbe) return end_probe();
  probe_->send(websocket::Opcode::kText, engineio::type_text(PacketType::kPong),
               {&engineio::kProbe, 1});
  queued();  // ends a waiting poll
}

void Session::end_probe() {
  state_.end_probe();
  if (probe_) std::exchange(probe_, nullptr)->close(CloseReason::kUpgradeFailed);
}

void Session::upgrade() {
  websocket_ = std::exchange(probe_, nullptr);
  const std::size_t before = queued_bytes();
  const std::string left = queue_ ? queue_->take_all() : std::string{};
  queue_.reset();
  count_queue(before);
  if (poll_) queued();
  if (left.empty()) return;
  engineio::PayloadReader reader(left);
  while (const auto packet = is_closing_ ? std::nullopt : reader.next()) {
    if (packet->binary) {
      websocket_->send(websocket::Opcode::kBinary, packet->data);
    } else {
      send_packet(packet->type, packet->data);
    }
  }
}

void Session::lost(WebSocketProtocol& websocket, CloseReason reason) {
  if (&websocket == probe_) {
    probe_ = nullptr;
    state_.end_probe();
    return;
  }
  websocket_ = nullptr;
  close(reason);
}

void Session::time_over() {
  if (is_lingering_) owner_.will_end(*this);
  if (is_closing_) return;
  elapse();
  if (!is_closing_) arm();
}

void Session::elapse() {
  if (is_paused_) return;
  const base::TimePoint now = owner_.turn().now().steady;
  // Twice: a poll that comes long after its time finds the ping overdue, and then the pong.
  for (int round = 0; round < 2 && !is_closing_; ++round) {
    const Step step = state_.elapse(now);
    if (step == Step::kSendPing) send_ping();
    if (step == Step::kTimeout) close(CloseReason::kHeartbeatTimeout);
    if (step == Step::kEndProbe) end_probe();
  }
  if (client_ && client_->deadline() <= now) close(client_->overdue());
}

void Session::arm() { owner_.turn().timers().set(*this, deadline()); }

// A later deadline is looked at when the timer, as it is set, is over.
void Session::arm_earlier() {
  if (!owner_.turn().timers().is_set_by(*this, deadline())) arm();
}

base::TimePoint Session::deadline() const {
  if (is_paused_) return base::TimePoint::max();
  return std::min(state_.deadline(), client_->deadline());
}

}  // namespace heliograph::transport
