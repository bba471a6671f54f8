#include "gateway/client_output.hpp"

#include <array>
#include <chrono>
#include <string>
#include <utility>

#include "gateway/connect.hpp"
#include "gateway/recovery.hpp"
#include "gateway/refusal_log.hpp"
#include "gateway/shared_by_clients.hpp"
#include "gateway/sign_in.hpp"
#include "signaling/command.hpp"
#include "socketio/packet.hpp"

namespace heliograph::gateway {
namespace {

using signaling::Error;
using signaling::Refusal;
using socketio::kMainNamespace;
using socketio::PacketType;

constexpr std::string_view kEventHeader = socketio::plain_header(PacketType::kEvent);

// If more bytes are unconfirmed, the client is pinged out of turn: few enough to stay in the
// processor's cache, and enough for such pings to be rare.
constexpr std::size_t kPingBehindBytes = 16UL * 1024;

// A client for which more waits does not read, and is told of no refusals.
constexpr std::size_t kSlowBytes = 64UL * 1024;

// The same of events that it has not confirmed.
constexpr std::size_t kUnconfirmedBytes = 256UL * 1024;

// A client with more events than this refused as rate-limited, within this time, is disconnected.
constexpr std::uint32_t kMostRateLimited = 1'000;
constexpr std::chrono::seconds kRateLimitedSpan{10};

// Whether a message that is kept is an auth-accept: `2["auth-accept",…`, `51-["auth-accept",…`.
bool is_sign_in(std::string_view message) {
  const std::string_view name = message.substr(message.find('"') + 1);
  return name.starts_with(kSignIn) && name.substr(kSignIn.size()).starts_with('"');
}

}  // namespace

ClientOutput::Extra::Extra(SharedByClients& shared) : knocks(shared.knock_bytes) {}

ClientOutput::Extra& ClientOutput::extra() {
  if (!extra_) extra_ = std::make_unique<Extra>(shared_);
  return *extra_;
}

base::IpAddress ClientOutput::limited_address() const {
  return channel_ ? channel_->limited_address() : base::IpAddress{};
}

void ClientOutput::begin(const signaling::PeerId& peer, std::string_view app) {
  peer_ = peer;
  answer_connect(app);
}

void ClientOutput::answer_connect(std::string_view app) {
  const std::string pid =
      recovers() ? private_id(*peer_, app, shared_.hmac.signing()) : std::string{};
  const std::string packet = connect_answer(*peer_, pid);
  channel_->send_text(std::array<std::string_view, 1>{packet});
}

std::optional<signaling::PeerId> ClientOutput::end() {
  drop_knocks();
  replay_ = {};
  if (channel_ && peer_) extra().past_peer = peer_;
  return std::exchange(peer_, std::nullopt);
}

void ClientOutput::take_over(ClientOutput& other, std::string_view app) {
  if (other.channel_) other.extra().past_peer = other.peer_;
  peer_ = std::exchange(other.peer_, std::nullopt);
  replay_ = std::exchange(other.replay_, {});
  answer_connect(app);
}

std::string ClientOutput::name_for_log() const {
  const auto& named = peer_ || !extra_ ? peer_ : extra_->past_peer;
  return named ? std::string(std::string_view(signaling::PeerIdText(*named))) : std::string{};
}

// The new token goes under the number of an event that the client has got: it is not kept, because
// each return makes another one.
void ClientOutput::resume_after(std::uint64_t number, std::string_view sign_in) {
  if (!sign_in.empty()) {
    write_event(sign_in, {}, replay_.is_skipped_after(number) ? number + 1 : number, Keep::kNo);
  }
  replay_.resume_after(number);
  bool hears_of_old_token = false;
  replay_.each([&](std::string_view message, const signaling::SharedAttachments& attachments) {
    hears_of_old_token |= is_sign_in(message);
    channel_->send_text({&message, 1});
    send_attachments(attachments);
  });
  // The last token that a client hears of is the one that it uses.
  if (hears_of_old_token && !sign_in.empty()) send_event(sign_in, {});
}

void ClientOutput::send_event(const signaling::EventText& event,
                              const signaling::SharedAttachments& attachments) {
  if (!recovers()) return write_event(event, attachments, 0, Keep::kNo);
  write_event(event, attachments, replay_.last_number() + 1, Keep::kYes);
  limit_what_is_kept();  // then, as a ping may follow that confirms it
}

void ClientOutput::send_renewable_event(const signaling::EventText& event) {
  if (!recovers() || !replay_.skip()) return send_event(event, {});
  write_event(event, {}, replay_.last_number(), Keep::kNo);
}

// The event, and if the client may return, the offset as its last element.
void ClientOutput::write_event(signaling::EventText event,
                               const signaling::SharedAttachments& attachments,
                               std::uint64_t number, Keep keep) {
  std::string binary_header;
  std::string_view header = kEventHeader;
  if (attachments) {
    socketio::append_header(binary_header, PacketType::kBinaryEvent, kMainNamespace, {},
                            static_cast<std::uint32_t>(attachments->size()));
    header = binary_header;
  }
  std::optional<Offset> offset;
  if (recovers()) {
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

void ClientOutput::send_attachments(const signaling::SharedAttachments& attachments) {
  if (!channel_ || !attachments) return;
  for (const std::string& attachment : *attachments) channel_->send_binary(attachment);
}

// If there is no room, events are not kept.
void ClientOutput::limit_what_is_kept() {
  if (shared_.keeps_too_much()) shared_.has_to_keep_less = true;
  if (replay_.bytes() > shared_.settings.recovery.max_peer_bytes) {
    drop_what_is_kept();
    if (!channel_) shared_.absent.give_up(*peer_);
  } else if (replay_.bytes() > kPingBehindBytes) {
    ping_now();
  }
}

void ClientOutput::send_acknowledgement(std::uint64_t id, std::string_view arguments) {
  if (!channel_) return;
  if (signaling::is_rate_limited(arguments)) count_rate_limited();
  std::string header;
  socketio::append_header(header, PacketType::kAck, kMainNamespace, id);
  channel_->send_text(std::array<std::string_view, 2>{header, arguments});
}

bool ClientOutput::is_behind() const {
  return !channel_ || channel_->unsent() >= kSlowBytes || replay_.bytes() >= kUnconfirmedBytes ||
         (extra_ && extra_->knocks.has_shown_enough());
}

void ClientOutput::send_shown(std::string_view event,
                              const signaling::SharedAttachments& attachments) {
  extra().knocks.shown(event.size() + signaling::bytes_of(attachments));
  send_event(event, attachments);
  if (extra_->knocks.has_shown_enough()) ping_now();
}

void ClientOutput::send_knock(const signaling::Knock& knock,
                              const signaling::SharedAttachments& attachments) {
  if (!has_knocks() && !is_behind()) return send_shown(knock.event, attachments);
  const std::size_t dropped = extra().knocks.hold(
      {std::string(knock.room), knock.stranger, std::string(knock.event), attachments});
  shared_.knock_watch.add(*peer_, shared_.now.steady);
  log_dropped_requests(shared_.settings.log, *peer_, dropped);
}

// The client is told nothing of rooms that it has left since then.
void ClientOutput::show_knocks() {
  while (has_knocks() && !is_behind()) {
    const auto knock = extra_->knocks.take();
    if (shared_.service.is_member(*peer_, knock->room)) {
      send_shown(knock->event, knock->attachments);
    }
  }
}

void ClientOutput::drop_knocks() {
  if (extra_) extra_->knocks.drop();
}

void ClientOutput::take_knocks_of(ClientOutput& other) {
  if (!other.has_knocks()) return;
  extra().knocks = std::exchange(other.extra_->knocks, Knocks(shared_.knock_bytes));
  extra_->knocks.begin_connection();
  shared_.knock_watch.add(*peer_, shared_.now.steady);
}

void ClientOutput::ping_now() {
  if (channel_ && channel_->ping()) note_ping();
}

void ClientOutput::note_ping() {
  replay_.ping_sent();
  if (extra_) extra_->knocks.ping_sent();
}

void ClientOutput::ping_sent() {
  if (extra_) {
    const std::string rest = extra_->request_errors.rest(shared_.now.steady);
    if (!rest.empty()) send_request_error(rest);
  }
  note_ping();
}

void ClientOutput::ping_answered() {
  replay_.ping_answered();
  if (!extra_) return;
  extra_->knocks.ping_answered();
  show_knocks();
}

void ClientOutput::refuse(const Refusal& refusal, const signaling::RefusedEvent& refused,
                          std::optional<std::uint64_t> acknowledgement) {
  log_refusal(shared_.settings.log, {refusal.error, refused.event, refused.room, peer_, channel_});
  if (!acknowledgement) return report(refusal, refused);
  send_acknowledgement(*acknowledgement, signaling::error_arguments(refusal));
}

void ClientOutput::reject(std::string_view event, Error error,
                          std::optional<std::uint64_t> acknowledgement) {
  const std::string_view reject = signaling::reject_event(event);
  if (reject.empty()) return refuse({.error = error}, {.event = event}, acknowledgement);
  send_event(signaling::message_event(reject, error, {}), {});
  if (acknowledgement) send_acknowledgement(*acknowledgement, signaling::error_arguments(error));
  log_refusal(shared_.settings.log, {error, event, {}, peer_, channel_});
}

void ClientOutput::report(const Refusal& refusal, const signaling::RefusedEvent& refused) {
  if (refusal.error == Error::kRateLimited) count_rate_limited();
  const std::string event = extra().request_errors.of(refusal, refused, shared_.now.steady);
  if (!event.empty()) send_request_error(event);
}

void ClientOutput::send_request_error(std::string_view event) {
  const bool reads = !channel_ || channel_->unsent() < kSlowBytes;
  if (reads && shared_.settings.sends_request_errors) send_event(event, {});
}

// It is told that an event was refused with rate-limited. If it goes on all the same, it is
// disconnected.
void ClientOutput::count_rate_limited() {
  const base::TimePoint now = shared_.now.real;
  if (now - extra().rate_limited_since > kRateLimitedSpan) {
    extra().rate_limited_since = now;
    extra().rate_limited = 0;
  }
  if (++extra().rate_limited > kMostRateLimited && channel_) {
    channel_->close(CloseReason::kTooManyEvents);
  }
}

}  // namespace heliograph::gateway
