#include "gateway/client_session.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "base/json.hpp"
#include "base/utf8.hpp"
#include "gateway/connect.hpp"
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
    : shared_(shared),
      output_(shared, channel),
      deadline_(now.steady + shared.settings.connect_timeout),
      allowance_(shared.settings.limits, now.real) {}

ClientSession::~ClientSession() {
  end_peer();
  shared_.apps.leave(app_);
}

// The way of one message: whole packets out of Engine.IO messages, then what the packet asks for.
void ClientSession::on_message(const Message& message, const base::Now& now) {
  shared_.now = now;
  on_message_here(message, judge(message));
}

void ClientSession::on_carried(const Message& message, Wait refused, const base::Now& now) {
  shared_.now = now;
  on_message_here(message, refused);
}

void ClientSession::on_message_here(const Message& message, Wait wait) {
  // Mostly no attachments are to come, and the decoder has nothing to keep.
  auto decoder = has_unfinished() ? extra_->unfinished->take_decoder() : socketio::Decoder();
  const socketio::Received received = decode(decoder, message, wait);
  if (decoder.awaits_attachments() || has_unfinished()) watch_attachments(decoder);
  if (std::holds_alternative<socketio::Malformed>(received)) return close_malformed(message);
  if (const auto* skipped = std::get_if<socketio::Skipped>(&received)) {
    return refuse_skipped(*skipped, wait);
  }
  std::visit([this](const auto& packet) { on_packet(packet); }, received);
}

ClientSession::Wait ClientSession::judge(const Message& message) {
  return allowance_.judge(shared_.settings.limits, message, shared_.now.real);
}

void ClientSession::watch_attachments(socketio::Decoder& decoder) {
  if (!decoder.awaits_attachments()) {
    extra_->unfinished.reset();
    deadline_ = base::TimePoint::max();
    return;
  }
  const base::TimePoint now = shared_.now.steady;
  std::optional<UnfinishedEvent>& unfinished = extra().unfinished;
  if (!unfinished) {
    unfinished.emplace(shared_.settings.message_timeout, now, shared_.unfinished_bytes);
  }
  unfinished->keep(std::move(decoder), now);
  deadline_ = unfinished->deadline();
}

std::size_t ClientSession::unfinished_bytes() const {
  if (!extra_) return 0;
  const std::size_t event = extra_->unfinished ? extra_->unfinished->bytes() : 0;
  return event + (extra_->waiting ? std::size_t{extra_->waiting->bytes} : 0);
}

void ClientSession::send_text(std::string_view packet) { channel().send_text({&packet, 1}); }

CloseReason ClientSession::overdue() const {
  if (session_end() < deadline_) return CloseReason::kTokenExpired;
  return peer() ? CloseReason::kMessageTooSlow : CloseReason::kConnectTimeout;
}

// By the clock of deadlines, a second or two late; in whole seconds, so that it does not move
// with each call.
base::TimePoint ClientSession::session_end() const {
  if (app_expires_at_ == auth::kNever) return base::TimePoint::max();
  const std::chrono::seconds left(app_expires_at_ - shared_.now.unix_seconds);
  return std::chrono::ceil<std::chrono::seconds>(shared_.now.steady) + left;
}

// Beyond what the connection may send, an event is refused without reading it.
socketio::Received ClientSession::decode(socketio::Decoder& decoder, const Message& message,
                                         Wait wait) {
  if (message.binary) {
    return decoder.binary(message.data, shared_.outline, shared_.decoder_limits);
  }
  if (wait) return decoder.skip(message.data, shared_.outline, shared_.decoder_limits);
  return decoder.text(message.data, shared_.outline, shared_.decoder_limits);
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
  if (!shared_.may_serve()) {
    const auto name = json::decode_string(event.arguments.elements()[0].value);
    return output_.reject(name.value_or(""), Error::kClusterUnavailable, event.id);
  }
  const std::string_view problem = request.needs_auth ? token_problem(request.auth) : "";
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
      request.payload,  event.attachments,        event.id, shared_.now.steady, request.event,
      shared_.now.real, output_.limited_address()};
  std::visit(
      [&]<class Command>(const Command& command) {
        // The service itself judges what goes to other peers.
        constexpr bool kIsMessage = std::is_same_v<Command, signaling::Relay> ||
                                    std::is_same_v<Command, signaling::Broadcast>;
        if constexpr (!kIsMessage && requires { command.room; }) {
          if (shared_.service.is_congested(command.room.view())) {
            return refuse(event, signaling::kCongested);
          }
        }
        if constexpr (std::is_same_v<Command, signaling::AuthRequest>) {
          authenticate(command, request.payload, event);
        } else if constexpr (std::is_same_v<Command, signaling::CreateRoom> ||
                             std::is_same_v<Command, signaling::JoinRoom>) {
          signaling::Service::Context entry = context;  // others need no app: no relay pays for it
          entry.app = shared_.apps.name(app_);
          entry.wants_ticket = output_.recovers();
          shared_.service.execute(*peer(), command, entry);
        } else {
          shared_.service.execute(*peer(), command, context);
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
                          : shared_.tokens.read_app(connect_field(shared_.outline, "token"));
  if (!app_token_problem(claims).empty()) {
    // A token that was good once is no guess.
    return refuse_connect(claims ? std::nullopt : note_failure(auth::Attempt::kConnect));
  }
  shared_.apps.leave(app_);  // of an earlier CONNECT
  app_ = shared_.apps.enter(claims->app);
  app_expires_at_ = claims->expires_at;
  deadline_ = base::TimePoint::max();
  channel().admit();
  if (shared_.settings.recovery.is_on() && asks_for_recovery(shared_.outline)) {
    output_.begin_recovery();
  }
  if (!output_.recovers() || !asks_to_return(claims->app)) begin_peer(claims->app);
}

// A valid token is never refused, however often others have failed: many people may share an
// address.
void ClientSession::refuse_connect(Wait wait) {
  const Error error = wait ? Error::kRateLimited : Error::kUnauthorized;
  send_text(connect_error(kMainNamespace, text(error), wait));
}

// Counts a wrong token to the client's address. How long that address has to wait if it has failed
// too often already; then the failure does not count.
ClientSession::Wait ClientSession::note_failure(auth::Attempt attempt) {
  const auth::FailureLimit& failures = shared_.settings.failures;
  const base::IpAddress address = output_.limited_address();
  if (!failures.wait || address == base::IpAddress{}) return std::nullopt;
  const base::Duration wait = failures.wait(address, attempt, shared_.now.real);
  if (wait > base::Duration::zero()) return std::chrono::ceil<std::chrono::milliseconds>(wait);
  failures.note(address, attempt, shared_.now.real);
  return std::nullopt;
}

void ClientSession::refuse_namespace(std::string_view nsp) {
  if (++extra().unknown_namespaces > kMostUnknownNamespaces) {
    return channel().close(CloseReason::kTooManyConnects);
  }
  send_text(connect_error(base::utf8_prefix(nsp, kMostNamespaceBytes), kInvalidNamespace));
}

void ClientSession::begin_peer(std::string_view app) {
  output_.begin(shared_.add_peer(*this), app);
}

ClientSession::Extra& ClientSession::extra() {
  if (!extra_) extra_ = std::make_unique<Extra>();
  return *extra_;
}

// Whether the client has returned as the peer it was, or the worker of that peer has been asked.
bool ClientSession::asks_to_return(std::string_view app) {
  const std::string pid = connect_field(shared_.outline, "pid");
  const auto peer = verify_private_id(pid, app, shared_.hmac);
  if (!peer) return false;
  const ReturnRequest request{
      .peer = *peer,
      .app = std::string(app),
      .app_expires_at = app_expires_at_,
      .after = parse_offset(connect_field(shared_.outline, "offset"), *peer)};
  if (peer->home == shared_.link.address()) return resume(request);
  return shared_.far_sessions.open(
      channel(), request, allowance_,
      [this, app = request.app](const auto& messages) { begin_refused(app, messages); });
}

bool ClientSession::resume(const ReturnRequest& request) {
  app_expires_at_ = request.app_expires_at;
  deadline_ = base::TimePoint::max();
  if (app_ == 0) app_ = shared_.apps.enter(request.app);  // of a guest
  ClientSession* const before = shared_.clients.find(request.peer);
  if (!before) return false;
  // If `before` has no connection, this keeps it alive until it is closed.
  const std::unique_ptr<Client> absent = shared_.absent.take_out(request.peer);
  const bool resumes = take_over(*before, request);
  if (resumes) shared_.clients.set(request.peer, *this);
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
  app_expires_at_ = auth::kNever;
  deadline_ = shared_.now.steady + shared_.settings.connect_timeout;
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
  if (!allowance_.take_message(shared_.settings.limits, 0, now.real)) return;
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
  return allowance_.take_event(shared_.settings.limits, shared_.now.real);
}

std::string ClientSession::name_for_log() const {
  const auto& named = peer() || !extra_ ? peer() : extra_->past_peer;
  return named ? std::string(std::string_view(signaling::PeerIdText(*named))) : std::string{};
}

bool ClientSession::may_return_after(CloseReason reason) const {
  const bool is_lost =
      reason == CloseReason::kTransportLost || reason == CloseReason::kHeartbeatTimeout ||
      reason == CloseReason::kTooMuchUnsent || reason == CloseReason::kMessageTooSlow ||
      reason == CloseReason::kClosedByClient || reason == CloseReason::kTokenExpired;
  return is_lost && output_.recovers() && peer() && !session_token_.empty();
}

std::optional<signaling::PeerId> ClientSession::on_closed(CloseReason reason) {
  detach();
  return may_return_after(reason) ? peer() : std::nullopt;
}

void ClientSession::detach() {
  output_.detach();
  deadline_ = base::TimePoint::max();
  drop_what_is_unfinished();
}

void ClientSession::drop_what_is_unfinished() {
  if (extra_) extra_->unfinished.reset();
}

bool ClientSession::take_over(ClientSession& other, const ReturnRequest& request) {
  if (!other.output_.can_resume_after(request.after)) return false;
  other.finish_sign_ins();
  output_.take_over(other.output_, request.app);
  if (!other.is_detached()) other.extra().past_peer = peer();
  session_token_ = std::exchange(other.session_token_, {});
  session_expires_at_ = other.session_expires_at_;
  if (other.extra_) extra().old_tokens = other.extra_->old_tokens;
  output_.resume_after(request.after, renew_session(request.app));
  output_.take_knocks_of(other.output_);
  return true;
}

void ClientSession::close(CloseReason reason) {
  end_peer();
  drop_what_is_unfinished();
  if (!is_detached()) channel().close(reason);
}

void ClientSession::end_peer() {
  if (!peer()) return;
  drop_sign_ins();
  const signaling::PeerId ended = *output_.end();
  if (!is_detached()) extra().past_peer = ended;
  session_token_.clear();
  shared_.remove_peer(ended);
}

}  // namespace heliograph::gateway
