// Long because what a client says, is sent and leaves behind shares its peer and its replay.
#include "gateway/client_session.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

#include "base/json.hpp"
#include "base/utf8.hpp"
#include "gateway/refusal_log.hpp"
#include "gateway/shared_by_clients.hpp"
#include "socketio/packet.hpp"
#include "socketio/placeholder.hpp"

namespace heliograph::gateway {
namespace {

using signaling::Error;
using signaling::Raw;
using signaling::Refusal;
using socketio::kMainNamespace;

constexpr signaling::ErrorText kInvalidNamespace{"invalid-namespace", "Invalid namespace"};

// A member of a CONNECT's payload, or null.
const json::Value* connect_value(const json::Outline& auth, std::string_view name) {
  return auth.elements().empty() ? nullptr : auth.find(auth.elements()[0], name);
}

// A string of a CONNECT's payload; empty if it holds none of this name.
std::string connect_field(const json::Outline& auth, std::string_view name) {
  const json::Value* value = connect_value(auth, name);
  return value ? json::decode_string(*value).value_or(std::string{}) : std::string{};
}

bool asks_for_recovery(const json::Outline& auth) {
  const json::Value* value = connect_value(auth, "recovery");
  return value && value->kind == json::Kind::kTrue;
}

constexpr std::string_view kEventHeader = socketio::plain_header(socketio::PacketType::kEvent);

// What a client may leave unconfirmed before it is pinged out of turn: few enough bytes to stay in
// the processor's cache, and enough for such pings to be rare.
constexpr std::size_t kPingBehindBytes = 16UL * 1024;

// A client for which more waits does not read, and is told of no refusals.
constexpr std::size_t kSlowBytes = 64UL * 1024;

// The same of events that it has not confirmed.
constexpr std::size_t kUnconfirmedBytes = 256UL * 1024;

// Whether a message that is kept is an auth-accept: `2["auth-accept",…`, `51-["auth-accept",…`.
bool is_sign_in(std::string_view message) {
  const std::string_view name = message.substr(message.find('"') + 1);
  return name.starts_with(kSignIn) && name.substr(kSignIn.size()).starts_with('"');
}

bool is_relay(const signaling::Request& request) {
  const auto* command = std::get_if<signaling::Command>(&request.command);
  return command && std::holds_alternative<signaling::Relay>(*command);
}

// CONNECTs to namespaces that there are not, and what their answers repeat of such a name.
constexpr std::uint8_t kMostUnknownNamespaces = 10;
constexpr std::size_t kMostNamespaceBytes = 255;
// A client with more events than this refused as rate-limited, within this time, is disconnected.
constexpr std::uint32_t kMostRateLimited = 1'000;
constexpr std::chrono::seconds kRateLimitedSpan{10};

}  // namespace

ClientSession::ClientSession(SharedByClients& shared, Channel& channel, const base::Now& now)
    : shared_(shared),
      channel_(&channel),
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

CloseReason ClientSession::overdue() const {
  if (session_end() < deadline_) return CloseReason::kTokenExpired;
  return peer_ ? CloseReason::kMessageTooSlow : CloseReason::kConnectTimeout;
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
    return reject(name.value_or(""), Error::kClusterUnavailable, event.id);
  }
  const std::string_view problem = request.needs_auth ? token_problem(request.auth) : "";
  if (!problem.empty()) {
    send_event(signaling::message_event("unauthorized", Error::kUnauthorized, {}), {});
    return refuse(event, {.error = Error::kUnauthorized, .reason = problem});
  }
  if (const Refusal* refusal = std::get_if<Refusal>(&request.command)) {
    return refuse(event, *refusal);
  }
  execute(request, event);
}

void ClientSession::execute(const signaling::Request& request, const socketio::Event& event) {
  const signaling::Service::Context context{request.payload,    event.attachments, event.id,
                                            shared_.now.steady, request.event,     shared_.now.real,
                                            limited_address()};
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
          entry.wants_ticket = recovers_;
          shared_.service.execute(*peer_, command, entry);
        } else {
          shared_.service.execute(*peer_, command, context);
        }
      },
      std::get<signaling::Command>(request.command));
}

void ClientSession::on_packet(const socketio::Connect& connect) {
  if (take_event()) return channel_->close(CloseReason::kTooManyConnects);
  if (connect.nsp != kMainNamespace) return refuse_namespace(connect.nsp);
  if (peer_) return channel_->close(CloseReason::kRepeatedConnect);
  const auto claims = connect.auth.empty()
                          ? std::nullopt
                          : shared_.tokens.read_app(connect_field(shared_.outline, "token"));
  if (!app_token_problem(claims).empty()) return refuse_connect(connect, claims.has_value());

  shared_.apps.leave(app_);  // of an earlier CONNECT
  app_ = shared_.apps.enter(claims->app);
  app_expires_at_ = claims->expires_at;
  deadline_ = base::TimePoint::max();
  channel_->admit();
  recovers_ = shared_.settings.recovery.is_on() && asks_for_recovery(shared_.outline);
  if (!recovers_ || !asks_to_return(claims->app)) begin_peer(claims->app);
}

// A valid token is always accepted: many people may share an address. One that has expired is no
// guess.
void ClientSession::refuse_connect(const socketio::Connect& connect, bool was_good) {
  const auto wait = was_good ? std::nullopt : note_failure(auth::Attempt::kConnect);
  if (!wait) return send_connect_error(connect.nsp, text(Error::kUnauthorized));
  send_connect_error(connect.nsp, text(Error::kRateLimited), wait);
}

// Counts a wrong token to the client's address. How long that address has to wait if it has failed
// too often already; then the failure does not count.
ClientSession::Wait ClientSession::note_failure(auth::Attempt attempt) {
  const auth::FailureLimit& failures = shared_.settings.failures;
  const base::IpAddress address = limited_address();
  if (!failures.wait || address == base::IpAddress{}) return std::nullopt;
  const base::Duration wait = failures.wait(address, attempt, shared_.now.real);
  if (wait > base::Duration::zero()) return std::chrono::ceil<std::chrono::milliseconds>(wait);
  failures.note(address, attempt, shared_.now.real);
  return std::nullopt;
}

void ClientSession::refuse_namespace(std::string_view nsp) {
  if (++extra().unknown_namespaces > kMostUnknownNamespaces) {
    return channel_->close(CloseReason::kTooManyConnects);
  }
  send_connect_error(base::utf8_prefix(nsp, kMostNamespaceBytes), kInvalidNamespace);
}

void ClientSession::begin_peer(std::string_view app) {
  peer_ = shared_.add_peer(*this);
  accept(app);
}

ClientSession::Extra::Extra(SharedByClients& shared) : knocks(shared.knock_bytes) {}

ClientSession::Extra& ClientSession::extra() {
  if (!extra_) extra_ = std::make_unique<Extra>(shared_);
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
      *channel_, request, allowance_,
      [this, app = request.app](const auto& messages) { begin_refused(app, messages); });
}

bool ClientSession::resume(const ReturnRequest& request) {
  app_expires_at_ = request.app_expires_at;
  deadline_ = base::TimePoint::max();
  recovers_ = true;
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

void ClientSession::accept(std::string_view app) {
  const signaling::PeerIdText id(*peer_);
  constexpr std::size_t kMostBytes = 96;
  std::string packet;
  packet.reserve(kMostBytes);
  packet += socketio::plain_header(socketio::PacketType::kConnect);
  packet += R"({"sid":")";
  packet += id;
  if (recovers_) {
    packet.append(R"(","pid":")").append(private_id(*peer_, app, shared_.hmac.signing()));
  }
  packet += "\"}";
  channel_->send_text(std::array<std::string_view, 1>{packet});
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
  refuse({.error = Error::kRateLimited, .retry_after = wait}, {.event = event.event}, event.id);
}

// An event whose fields are not read; its payload is not either, and so does not come back.
void ClientSession::refuse_unread(std::string_view event, Error error,
                                  std::optional<std::uint64_t> acknowledgement) {
  if (const auto wait = take_event()) {
    return refuse({.error = Error::kRateLimited, .retry_after = wait}, {.event = event},
                  acknowledgement);
  }
  reject(event, error, acknowledgement);
}

void ClientSession::reject(std::string_view event, Error error,
                           std::optional<std::uint64_t> acknowledgement) {
  const std::string_view reject = signaling::reject_event(event);
  if (reject.empty()) return refuse({.error = error}, {.event = event}, acknowledgement);
  send_event(signaling::message_event(reject, error, {}), {});
  if (acknowledgement) send_acknowledgement(*acknowledgement, signaling::error_arguments(error));
  log_refusal(shared_.settings.log, {error, event, {}, peer_, channel_});
}

// The first that a client with another parser sends is its CONNECT, in binary or as a JSON object.
void ClientSession::close_malformed(const Message& message) {
  const bool is_foreign = !peer_ && (message.binary || message.data.starts_with('{'));
  channel_->close(is_foreign ? CloseReason::kParserNotSupported : CloseReason::kMalformedPacket);
}

void ClientSession::refuse(const socketio::Event& event, const Refusal& refusal) {
  const auto name = json::decode_string(event.arguments.elements()[0].value);
  const signaling::Subject subject = signaling::subject_of(event.arguments);
  refuse(refusal,
         {.event = name ? std::string_view(*name) : std::string_view(),
          .room = subject.room,
          .to = subject.to},
         event.id);
}

void ClientSession::refuse(const Refusal& refusal, const signaling::RefusedEvent& refused,
                           std::optional<std::uint64_t> acknowledgement) {
  log_refusal(shared_.settings.log, {refusal.error, refused.event, refused.room, peer_, channel_});
  if (!acknowledgement) return report(refusal, refused);
  send_acknowledgement(*acknowledgement, signaling::error_arguments(refusal));
}

void ClientSession::count_rate_limited() {
  const base::TimePoint now = shared_.now.real;
  if (now - extra().rate_limited_since > kRateLimitedSpan) {
    extra().rate_limited_since = now;
    extra().rate_limited = 0;
  }
  if (++extra().rate_limited > kMostRateLimited && channel_) {
    channel_->close(CloseReason::kTooManyEvents);
  }
}

void ClientSession::report(const Refusal& refusal, const signaling::RefusedEvent& refused) {
  if (refusal.error == Error::kRateLimited) count_rate_limited();
  const std::string event = extra().request_errors.of(refusal, refused, shared_.now.steady);
  if (!event.empty()) send_request_error(event);
}

void ClientSession::send_request_error(std::string_view event) {
  const bool reads = !channel_ || channel_->unsent() < kSlowBytes;
  if (reads && shared_.settings.sends_request_errors) send_event(event, {});
}

void ClientSession::send_event(const signaling::EventText& event,
                               const signaling::SharedAttachments& attachments) {
  if (!recovers_) return write_event(event, attachments, 0, Keep::kNo);
  write_event(event, attachments, replay_.last_number() + 1, Keep::kYes);
  limit_what_is_kept();  // then, as a ping may follow that confirms it
}

bool ClientSession::is_behind() const {
  return !channel_ || channel_->unsent() >= kSlowBytes || replay_.bytes() >= kUnconfirmedBytes ||
         (extra_ && extra_->knocks.has_shown_enough());
}

void ClientSession::send_shown(std::string_view event,
                               const signaling::SharedAttachments& attachments) {
  extra().knocks.shown(event.size() + signaling::bytes_of(attachments));
  send_event(event, attachments);
  if (extra_->knocks.has_shown_enough()) ping_now();
}

void ClientSession::ping_now() {
  if (channel_ && channel_->ping()) note_ping();
}

void ClientSession::note_ping() {
  replay_.ping_sent();
  if (extra_) extra_->knocks.ping_sent();
}

void ClientSession::send_knock(const signaling::Knock& knock,
                               const signaling::SharedAttachments& attachments) {
  if (!has_knocks() && !is_behind()) return send_shown(knock.event, attachments);
  Knocks& knocks = extra().knocks;
  const std::size_t dropped =
      knocks.hold({std::string(knock.room), knock.stranger, std::string(knock.event), attachments});
  shared_.knock_watch.add(*peer_, shared_.now.steady);
  log_dropped_requests(shared_.settings.log, *peer_, dropped);
}

// Rooms that it has left since then are none of its business.
void ClientSession::show_knocks() {
  while (has_knocks() && !is_behind()) {
    const auto knock = extra_->knocks.take();
    if (shared_.service.is_member(*peer_, knock->room)) {
      send_shown(knock->event, knock->attachments);
    }
  }
}

void ClientSession::drop_knocks() {
  if (extra_) extra_->knocks.drop();
}

void ClientSession::take_knocks_of(ClientSession& other) {
  if (!other.has_knocks()) return;
  extra().knocks = std::exchange(other.extra_->knocks, Knocks(shared_.knock_bytes));
  extra_->knocks.begin_connection();
  shared_.knock_watch.add(*peer_, shared_.now.steady);
}

// What there is no room for is not kept.
void ClientSession::limit_what_is_kept() {
  if (shared_.keeps_too_much()) shared_.has_to_keep_less = true;
  if (replay_.bytes() > shared_.settings.recovery.max_peer_bytes) {
    drop_what_is_kept();
    if (is_detached()) shared_.absent.give_up(*peer_);
  } else if (replay_.bytes() > kPingBehindBytes) {
    ping_now();
  }
}

void ClientSession::drop_what_is_kept() { replay_.drop(); }

void ClientSession::pinged(const base::Now& now) {
  if (!allowance_.take_message(shared_.settings.limits, 0, now.real)) return;
  channel_->close(CloseReason::kTooManyPings);
}

void ClientSession::ping_sent() {
  if (extra_) {
    const std::string rest = extra_->request_errors.rest(shared_.now.steady);
    if (!rest.empty()) send_request_error(rest);
  }
  note_ping();
}

void ClientSession::ping_answered() {
  replay_.ping_answered();
  if (extra_) {
    extra_->knocks.ping_answered();
    show_knocks();
  }
}

// The event, and if the client may return, the offset as its last element.
void ClientSession::write_event(signaling::EventText event,
                                const signaling::SharedAttachments& attachments,
                                std::uint64_t number, Keep keep) {
  std::string binary_header;
  std::string_view header = kEventHeader;
  if (attachments) {
    socketio::append_header(binary_header, socketio::PacketType::kBinaryEvent, kMainNamespace, {},
                            static_cast<std::uint32_t>(attachments->size()));
    header = binary_header;
  }
  std::optional<Offset> offset;
  if (recovers_) {
    offset.emplace(*peer_, number);
    event.tail.remove_suffix(1);
  }
  const std::array<std::string_view, 5> packet{
      header, event.head, event.body, event.tail,
      offset ? offset->as_last_element() : std::string_view{}};
  if (keep == Keep::kYes) {
    const KeptMessage kept = replay_.keep(packet, attachments, shared_.replay_memory);
    if (channel_) channel_->send_kept(kept);
  } else if (channel_) {
    channel_->send_text(packet);
  }
  send_attachments(attachments);
}

void ClientSession::send_attachments(const signaling::SharedAttachments& attachments) {
  if (!channel_ || !attachments) return;
  for (const std::string& attachment : *attachments) channel_->send_binary(attachment);
}

void ClientSession::send_acknowledgement(std::uint64_t id, std::string_view arguments) {
  if (!channel_) return;
  if (signaling::is_rate_limited(arguments)) count_rate_limited();
  std::string header;
  socketio::append_header(header, socketio::PacketType::kAck, kMainNamespace, id);
  channel_->send_text(std::array<std::string_view, 2>{header, arguments});
}

// With the code as `data`, because the Go client hides errors that have none.
void ClientSession::send_connect_error(std::string_view nsp, const signaling::ErrorText& error,
                                       Wait retry_after) {
  std::string packet;
  socketio::append_header(packet, socketio::PacketType::kConnectError, nsp, {});
  packet += R"({"message":)";
  json::append_string(packet, error.message);
  packet += R"(,"data":{"code":)";
  json::append_string(packet, error.code);
  if (retry_after) {
    packet += R"(,"retry_after_ms":)";
    packet += std::to_string(retry_after->count());
  }
  packet += "}}";
  channel_->send_text(std::array<std::string_view, 1>{packet});
}

// Packets for a namespace that the client is not connected to end the connection, as Socket.IO
// servers have it.
bool ClientSession::is_open(std::string_view nsp) {
  if (peer_ && nsp == kMainNamespace) return true;
  channel_->close(CloseReason::kEventBeforeConnect);
  return false;
}

ClientSession::Wait ClientSession::take_event() {
  return allowance_.take_event(shared_.settings.limits, shared_.now.real);
}

std::string ClientSession::name_for_log() const {
  const auto& peer = peer_ || !extra_ ? peer_ : extra_->past_peer;
  return peer ? std::string(std::string_view(signaling::PeerIdText(*peer))) : std::string{};
}

bool ClientSession::may_return_after(CloseReason reason) const {
  const bool is_lost =
      reason == CloseReason::kTransportLost || reason == CloseReason::kHeartbeatTimeout ||
      reason == CloseReason::kTooMuchUnsent || reason == CloseReason::kMessageTooSlow ||
      reason == CloseReason::kClosedByClient || reason == CloseReason::kTokenExpired;
  return is_lost && recovers_ && peer_ && !session_token_.empty();
}

std::optional<signaling::PeerId> ClientSession::on_closed(CloseReason reason) {
  detach();
  return may_return_after(reason) ? peer_ : std::nullopt;
}

void ClientSession::detach() {
  channel_ = nullptr;
  deadline_ = base::TimePoint::max();
  drop_what_is_unfinished();
}

void ClientSession::drop_what_is_unfinished() {
  if (extra_) extra_->unfinished.reset();
}

// The new token goes under the number of an event that the client has got: it is not kept, because
// each return makes another one.
bool ClientSession::take_over(ClientSession& other, const ReturnRequest& request) {
  const std::uint64_t after = request.after;
  if (!other.replay_.can_resume_after(after)) return false;
  other.finish_sign_ins();
  peer_ = std::exchange(other.peer_, std::nullopt);
  if (other.channel_) other.extra().past_peer = *peer_;
  session_token_ = std::exchange(other.session_token_, {});
  session_expires_at_ = other.session_expires_at_;
  if (other.extra_) extra().old_tokens = other.extra_->old_tokens;
  replay_ = std::exchange(other.replay_, {});
  accept(request.app);
  const std::string sign_in = renew_session(request.app);
  if (!sign_in.empty()) {
    write_event(sign_in, {}, replay_.is_skipped_after(after) ? after + 1 : after, Keep::kNo);
  }

  replay_.resume_after(after);
  bool hears_of_old_token = false;
  replay_.each([&](std::string_view message, const signaling::SharedAttachments& attachments) {
    hears_of_old_token |= is_sign_in(message);
    channel_->send_text({&message, 1});
    send_attachments(attachments);
  });
  // The last token that a client hears of is the one that it uses.
  if (hears_of_old_token && !sign_in.empty()) send_event(sign_in, {});
  take_knocks_of(other);
  return true;
}

void ClientSession::close(CloseReason reason) {
  end_peer();
  drop_what_is_unfinished();
  if (channel_) channel_->close(reason);
}

void ClientSession::end_peer() {
  if (!peer_) return;
  drop_sign_ins();
  drop_knocks();
  replay_ = {};
  const signaling::PeerId peer = *std::exchange(peer_, std::nullopt);
  if (channel_) extra().past_peer = peer;
  session_token_.clear();
  shared_.remove_peer(peer);
}

}  // namespace heliograph::gateway
