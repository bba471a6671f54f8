#include "gateway/client_session.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "base/json.hpp"
#include "base/utf8.hpp"
#include "gateway/connect.hpp"
#include "gateway/refusal_log.hpp"
#include "gateway/shared_by_clients.hpp"
#include "socketio/packet.hpp"

namespace heliograph::gateway {
namespace {

using signaling::Error;
using signaling::Refusal;
using socketio::kMainNamespace;

constexpr signaling::ErrorText kInvalidNamespace{"invalid-namespace", "Invalid namespace"};

bool is_relay(const signaling::Request& request) {
  const auto* command = std::get_if<signaling::Command>(&request.command);
  return command && std::holds_alternative<signaling::Relay>(*command);
}

// CONNECTs to namespaces that there are not, and what their answers repeat of such a name.
constexpr std::uint8_t kMostUnknownNamespaces = 10;
constexpr std::size_t kMostNamespaceBytes = 255;

}  // namespace

ClientSession::ClientSession(SharedByClients& shared, Channel& channel, const base::Now& now)
    : output_(shared, channel),
      deadline_(now.steady + shared.settings.connect_timeout),
      allowance_(shared.settings.limits, now.real) {}

ClientSession::~ClientSession() {
  end_peer();
  shared().apps.leave(app_);
}

// The way of one message: whole packets out of Engine.IO messages, then what the packet asks for.
void ClientSession::on_message(const Message& message, const base::Now& now) {
  shared().now = now;
  on_message_here(message, judge(message));
}

void ClientSession::on_carried(const Message& message, Wait refused, const base::Now& now) {
  shared().now = now;
  on_message_here(message, refused);
}

void ClientSession::on_message_here(const Message& message, Wait wait) {
  // Mostly no attachments are to come, and the decoder has nothing to keep.
  auto decoder = unfinished_ ? unfinished_->take_decoder() : socketio::Decoder();
  const socketio::Received received = decode(decoder, message, wait);
  if (decoder.awaits_attachments() || unfinished_) watch_attachments(decoder);
  if (std::holds_alternative<socketio::Malformed>(received)) return close_malformed(message);
  if (const auto* skipped = std::get_if<socketio::Skipped>(&received)) {
    return refuse_skipped(*skipped, wait);
  }
  std::visit([this](const auto& packet) { on_packet(packet); }, received);
}

ClientSession::Wait ClientSession::judge(const Message& message) {
  return allowance_.judge(shared().settings.limits, message, shared().now.real);
}

void ClientSession::watch_attachments(socketio::Decoder& decoder) {
  if (!decoder.awaits_attachments()) {
    unfinished_.reset();
    deadline_ = base::TimePoint::max();
    return;
  }
  const base::TimePoint now = shared().now.steady;
  if (!unfinished_) {
    unfinished_ = std::make_unique<UnfinishedEvent>(shared().settings.message_timeout, now,
                                                    shared().unfinished_bytes);
  }
  unfinished_->keep(std::move(decoder), now);
  deadline_ = unfinished_->deadline();
}

std::size_t ClientSession::unfinished_bytes() const {
  return sign_in_.waiting_bytes() + (unfinished_ ? unfinished_->bytes() : 0);
}

void ClientSession::send_text(std::string_view packet) { channel().send_text({&packet, 1}); }

CloseReason ClientSession::overdue() const {
  if (session_end() < deadline_) return CloseReason::kTokenExpired;
  return peer() ? CloseReason::kMessageTooSlow : CloseReason::kConnectTimeout;
}

// By the clock of deadlines, a second or two late; in whole seconds, so that it does not move
// with each call.
base::TimePoint ClientSession::session_end() const {
  const std::int64_t end = sign_in_.app_expires_at();
  if (end == auth::kNever) return base::TimePoint::max();
  const std::chrono::seconds left(end - shared().now.unix_seconds);
  return std::chrono::ceil<std::chrono::seconds>(shared().now.steady) + left;
}

// Beyond what the connection may send, an event is refused without reading it.
socketio::Received ClientSession::decode(socketio::Decoder& decoder, const Message& message,
                                         Wait wait) {
  if (message.binary) {
    return decoder.binary(message.data, shared().outline, shared().decoder_limits);
  }
  if (wait) return decoder.skip(message.data, shared().outline, shared().decoder_limits);
  return decoder.text(message.data, shared().outline, shared().decoder_limits);
}

// An event: it must be one that the client may send now and that it is authorised to send; then the
// service carries it out.
void ClientSession::on_packet(const socketio::Event& event) {
  if (!is_open(event.nsp)) return;
  const signaling::Request request = signaling::parse_request(event.arguments);
  if (!is_relay(request)) {
    if (const auto wait = take_event()) {
      return refuse(event, {.error = Error::kRateLimited, .retry_after = wait});
    }
  }
  if (!shared().may_serve()) {
    const auto name = json::decode_string(event.arguments.elements()[0].value);
    return output_.reject(name.value_or(""), Error::kClusterUnavailable, event.id);
  }
  const std::string_view problem =
      request.needs_auth ? sign_in_.token_problem(output_, request.auth) : "";
  if (!problem.empty()) {
    output_.send_event(signaling::message_event("unauthorized", Error::kUnauthorized, {}), {});
    return refuse(event, {.error = Error::kUnauthorized, .reason = problem});
  }
  if (const Refusal* refusal = std::get_if<Refusal>(&request.command)) {
    return refuse(event, *refusal);
  }
  execute(request, event);
}

void ClientSession::execute(const signaling::Request& request, const socketio::Event& event) {
  const signaling::Service::Context context{
      request.payload,          event.attachments,  event.id,
      shared().now.steady,      request.refused_as, shared().now.real,
      output_.limited_address()};
  std::visit(
      [&]<class Command>(const Command& command) {
        // The service itself judges what goes to other peers.
        constexpr bool kIsMessage = std::is_same_v<Command, signaling::Relay> ||
                                    std::is_same_v<Command, signaling::Broadcast>;
        if constexpr (!kIsMessage && requires { command.room; }) {
          if (shared().service.is_congested(command.room.view())) {
            return refuse(event, signaling::kCongested);
          }
        }
        if constexpr (std::is_same_v<Command, signaling::AuthRequest>) {
          sign_in_.authenticate(output_, command, request.payload, event);
        } else if constexpr (std::is_same_v<Command, signaling::CreateRoom> ||
                             std::is_same_v<Command, signaling::JoinRoom>) {
          signaling::Service::Context entry = context;  // others need no app: no relay pays for it
          entry.app = shared().apps.name(app_);
          entry.wants_ticket = output_.recovers();
          shared().service.execute(*peer(), command, entry);
        } else {
          shared().service.execute(*peer(), command, context);
        }
      },
      std::get<signaling::Command>(request.command));
}

void ClientSession::on_packet(const socketio::Connect& connect) {
  if (take_event()) return channel().close(CloseReason::kTooManyConnects);
  if (connect.nsp != kMainNamespace) return refuse_namespace(connect.nsp);
  if (peer()) return channel().close(CloseReason::kRepeatedConnect);
  const auto claims = connect.auth.empty()
                          ? std::nullopt
                          : shared().tokens.read_app(connect_field(shared().outline, "token"));
  if (!app_token_problem(shared(), claims).empty()) {
    // A token that was good once is no guess.
    return refuse_connect(claims ? std::nullopt : note_failure(output_, auth::Attempt::kConnect));
  }
  shared().apps.leave(app_);  // of an earlier CONNECT
  app_ = shared().apps.enter(claims->app);
  sign_in_.set_app_expiry(claims->expires_at);
  deadline_ = base::TimePoint::max();
  channel().admit();
  if (shared().settings.recovery.is_on() && asks_for_recovery(shared().outline)) {
    output_.begin_recovery();
  }
  if (!output_.recovers() || !asks_to_return(claims->app)) begin_peer(claims->app);
}

// A valid token is never refused, however often others have failed: many people may share an
// address.
void ClientSession::refuse_connect(Wait wait) {
  const Error error = wait ? Error::kRateLimited : Error::kUnauthorized;
  send_text(connect_error(kMainNamespace, text(error), wait));
  log_refusal(shared().settings.log,
              {error, kConnectForLog, {}, output_.peer(), output_.channel()});
}

void ClientSession::refuse_namespace(std::string_view nsp) {
  if (++unknown_namespaces_ > kMostUnknownNamespaces) {
    return channel().close(CloseReason::kTooManyConnects);
  }
  send_text(connect_error(base::utf8_prefix(nsp, kMostNamespaceBytes), kInvalidNamespace));
}

void ClientSession::begin_peer(std::string_view app) {
  output_.begin(shared().add_peer(*this), app);
}

// Whether the client has returned as the peer it was, or the worker of that peer has been asked.
bool ClientSession::asks_to_return(std::string_view app) {
  const std::string pid = connect_field(shared().outline, "pid");
  const auto peer = verify_private_id(pid, app, shared().hmac);
  if (!peer) return false;
  const ReturnRequest request{
      .peer = *peer,
      .app = std::string(app),
      .app_expires_at = sign_in_.app_expires_at(),
      .after = parse_offset(connect_field(shared().outline, "offset"), *peer)};
  if (peer->home == shared().link.address()) return resume(request);
  return shared().far_sessions.open(
      channel(), request, allowance_,
      [this, app = request.app](const auto& messages) { begin_refused(app, messages); });
}

bool ClientSession::resume(const ReturnRequest& request) {
  sign_in_.set_app_expiry(request.app_expires_at);
  deadline_ = base::TimePoint::max();
  if (app_ == 0) app_ = shared().apps.enter(request.app);  // of a guest
  ClientSession* const before = shared().clients.find(request.peer);
  if (!before) return false;
  // If `before` has no connection, this keeps it alive until it is closed.
  const std::unique_ptr<Client> absent = shared().absent.take_out(request.peer);
  const bool resumes = take_over(*before, request);
  if (resumes) shared().clients.set(request.peer, *this);
  // If its connection still seems to be there, it is the one that the client has given up.
  before->close(CloseReason::kResumed);
  return resumes;
}

// As a new peer, because its peer's worker refuses its return. It has said this meanwhile.
void ClientSession::begin_refused(std::string_view app, std::span<const HeldMessage> messages) {
  begin_peer(app);
  for (const auto& [binary, data] : messages) {
    const Message message{.binary = binary, .data = data};
    if (!is_closing()) on_message_here(message, judge(message));
  }
}

void ClientSession::on_packet(const socketio::Disconnect& disconnect) {
  if (!is_open(disconnect.nsp)) return;
  end_peer();
  sign_in_.set_app_expiry(auth::kNever);
  deadline_ = shared().now.steady + shared().settings.connect_timeout;
}

void ClientSession::on_packet(const socketio::TooDeep& event) {
  if (!is_open(event.nsp)) return;
  refuse_unread(event.event, Error::kJsonTooDeep, event.id);
}

void ClientSession::on_packet(const socketio::TooLarge& event) {
  if (!is_open(event.nsp)) return;
  refuse_unread(event.event, Error::kEventTooLarge, event.id);
}

void ClientSession::refuse_skipped(const socketio::Skipped& event, Wait wait) {
  if (!is_open(event.nsp)) return;
  output_.refuse({.error = Error::kRateLimited, .retry_after = wait}, {.event = event.event},
                 event.id);
}

// An event whose fields are not read; its payload is not either, and so does not come back.
void ClientSession::refuse_unread(std::string_view event, Error error,
                                  std::optional<std::uint64_t> acknowledgement) {
  if (const auto wait = take_event()) {
    return output_.refuse({.error = Error::kRateLimited, .retry_after = wait}, {.event = event},
                          acknowledgement);
  }
  output_.reject(event, error, acknowledgement);
}

// The first that a client with another parser sends is its CONNECT, in binary or as a JSON object.
void ClientSession::close_malformed(const Message& message) {
  const bool is_foreign = !peer() && (message.binary || message.data.starts_with('{'));
  channel().close(is_foreign ? CloseReason::kParserNotSupported : CloseReason::kMalformedPacket);
}

void ClientSession::refuse(const socketio::Event& event, const Refusal& refusal) {
  const auto name = json::decode_string(event.arguments.elements()[0].value);
  const signaling::Subject subject = signaling::subject_of(event.arguments);
  output_.refuse(refusal,
                 {.event = name ? std::string_view(*name) : std::string_view(),
                  .room = subject.room,
                  .to = subject.to},
                 event.id);
}

void ClientSession::pinged(const base::Now& now) {
  if (!allowance_.take_message(shared().settings.limits, 0, now.real)) return;
  channel().close(CloseReason::kTooManyPings);
}

// Packets for a namespace that the client is not connected to end the connection, as Socket.IO
// servers have it.
bool ClientSession::is_open(std::string_view nsp) {
  if (peer() && nsp == kMainNamespace) return true;
  channel().close(CloseReason::kEventBeforeConnect);
  return false;
}

ClientSession::Wait ClientSession::take_event() {
  return allowance_.take_event(shared().settings.limits, shared().now.real);
}

bool ClientSession::may_return_after(CloseReason reason) const {
  const bool is_lost =
      reason == CloseReason::kTransportLost || reason == CloseReason::kHeartbeatTimeout ||
      reason == CloseReason::kTooMuchUnsent || reason == CloseReason::kMessageTooSlow ||
      reason == CloseReason::kClosedByClient || reason == CloseReason::kTokenExpired;
  return is_lost && output_.recovers() && peer() && sign_in_.is_signed_in();
}

std::optional<signaling::PeerId> ClientSession::on_closed(CloseReason reason) {
  detach();
  return may_return_after(reason) ? peer() : std::nullopt;
}

void ClientSession::detach() {
  output_.detach();
  deadline_ = base::TimePoint::max();
  unfinished_.reset();
}

bool ClientSession::take_over(ClientSession& other, const ReturnRequest& request) {
  if (!other.output_.can_resume_after(request.after)) return false;
  other.sign_in_.finish_waiting(other.output_);
  output_.take_over(other.output_, request.app);
  sign_in_.take_over(other.sign_in_);
  output_.resume_after(request.after, sign_in_.renew(output_, request.app));
  output_.take_knocks_of(other.output_);
  return true;
}

void ClientSession::close(CloseReason reason) {
  end_peer();
  unfinished_.reset();
  if (!is_detached()) channel().close(reason);
}

void ClientSession::end_peer() {
  if (!peer()) return;
  sign_in_.end();
  shared().remove_peer(*output_.end());
}

}  // namespace heliograph::gateway
