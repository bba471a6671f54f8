#include "gateway/client_sign_in.hpp"

#include <algorithm>
#include <utility>

#include "auth/crypto.hpp"
#include "gateway/refusal_log.hpp"
#include "gateway/shared_by_clients.hpp"
#include "socketio/placeholder.hpp"

namespace heliograph::gateway {
namespace {

using signaling::Error;
using signaling::Raw;
using signaling::Refusal;

// Why a token does not authorise.
constexpr std::string_view kTokenMissing = "token-missing";
constexpr std::string_view kTokenExpired = "token-expired";
constexpr std::string_view kTokenOfAnotherConnection = "token-of-another-connection";
constexpr std::string_view kTokenInvalid = "token-invalid";

// How long a client waits at most until the peer that it was before has left its rooms. The node of
// that peer may be out of reach.
constexpr std::chrono::seconds kReplaceTime{2};

// How many auth-requests of one client wait at once. Socket.IO's `retries` needs one for each try.
constexpr std::size_t kMostWaiting = 8;

// peerinfo is sent on with other events than its own, so it can hold no reference to attachments.
std::optional<Refusal> check_peerinfo(const ClientOutput& output, Raw peerinfo,
                                      const socketio::Event& event) {
  if (peerinfo.size() > output.shared().settings.limits.max_peerinfo_bytes) {
    return Refusal{.error = Error::kPeerinfoTooLarge, .field = "peerinfo"};
  }
  const bool may_refer = event.attachments || peerinfo.find("\\u") != Raw::npos ||
                         peerinfo.find("_placeholder") != Raw::npos;
  if (may_refer && socketio::mentions_placeholder(peerinfo)) {
    return Refusal{.error = Error::kInvalidArguments,
                   .field = "peerinfo",
                   .problem = "must not hold binary values"};
  }
  return std::nullopt;
}

// Why the request is refused; nothing if it is not, and then `claims` are those of its token.
std::optional<Refusal> check(const ClientOutput& output, const signaling::AuthRequest& request,
                             const socketio::Event& event, auth::AppClaims& claims) {
  if (!request.token) return Refusal{.error = Error::kUnauthorized, .reason = kTokenMissing};
  auto read = output.shared().tokens.read_app(request.token->view());
  if (const auto problem = app_token_problem(output.shared(), read); !problem.empty()) {
    if (const auto wait = read ? std::nullopt : note_failure(output, auth::Attempt::kAuthRequest)) {
      return Refusal{.error = Error::kRateLimited, .retry_after = wait};
    }
    return Refusal{.error = Error::kUnauthorized, .reason = problem};
  }
  if (auto refusal = check_peerinfo(output, request.peerinfo, event)) return refusal;
  claims = std::move(*read);
  return std::nullopt;
}

// The peer that the client was before and asks to take out. Its token may have expired, but must be
// one of ours, and of the same app.
std::optional<signaling::PeerId> replaced_by(const ClientOutput& output,
                                             const signaling::AuthRequest& request,
                                             std::string_view app) {
  if (!request.replaces) return std::nullopt;
  const auto claims = output.shared().tokens.read_session(request.replaces->view());
  if (!claims || claims->app != app) return std::nullopt;
  const auto replaced = signaling::parse_peer_id(claims->socket);
  return replaced == output.peer() ? std::nullopt : replaced;
}

std::string ice_servers(const ClientOutput& output, std::string_view app) {
  const SharedByClients& shared = output.shared();
  const std::string user =
      auth::turn_user_name(output.limited_address(), signaling::PeerIdText(*output.peer()));
  return shared.settings.ice_servers.for_user(app, user, shared.now.unix_seconds);
}

}  // namespace

std::string_view app_token_problem(const SharedByClients& shared,
                                   const std::optional<auth::AppClaims>& claims) {
  if (!claims || (claims->is_demo && !shared.settings.takes_demo_tokens)) return kTokenInvalid;
  return shared.now.unix_seconds < claims->expires_at ? "" : kTokenExpired;
}

std::optional<std::chrono::milliseconds> note_failure(const ClientOutput& output,
                                                      auth::Attempt attempt) {
  const auth::FailureLimit& failures = output.shared().settings.failures;
  const base::TimePoint now = output.shared().now.real;
  const base::IpAddress address = output.limited_address();
  if (!failures.wait || address == base::IpAddress{}) return std::nullopt;
  const base::Duration wait = failures.wait(address, attempt, now);
  if (wait > base::Duration::zero()) return std::chrono::ceil<std::chrono::milliseconds>(wait);
  failures.note(address, attempt, now);
  return std::nullopt;
}

ClientSignIn::Extra& ClientSignIn::extra() {
  if (!extra_) extra_ = std::make_unique<Extra>();
  return *extra_;
}

// In order: a request that does not wait ends the waiting of those before it.
void ClientSignIn::authenticate(ClientOutput& output, const signaling::AuthRequest& request,
                                Raw payload, const socketio::Event& event) {
  auth::AppClaims claims;
  const auto error = check(output, request, event, claims);
  const auto replaced = error ? std::nullopt : replaced_by(output, request, claims.app);
  if (!waits_for(replaced)) finish_waiting(output);
  if (error) {
    output.send_event(signaling::message_event("auth-reject", error->error, payload),
                      event.attachments);
    if (event.id) output.send_acknowledgement(*event.id, signaling::error_arguments(*error));
    log_refusal(output.shared().settings.log,
                {error->error, "auth-request", {}, output.peer(), output.channel()});
    return;
  }
  SignIn sign_in{.claims = std::move(claims),
                 .peerinfo = std::string(request.peerinfo),
                 .payload = std::string(payload),
                 .attachments = event.attachments,
                 .ack = event.id};
  if (!replaced) return accept(output, sign_in);
  wait(output, *replaced, std::move(sign_in));
}

// Whether one like it waits already, and there is room for another.
bool ClientSignIn::waits_for(const std::optional<signaling::PeerId>& replaced) const {
  return is_waiting() && extra_->waiting->replaced == replaced &&
         extra_->waiting->sign_ins.size() < kMostWaiting;
}

void ClientSignIn::wait(ClientOutput& output, const signaling::PeerId& replaced, SignIn sign_in) {
  SharedByClients& shared = output.shared();
  std::optional<WaitingSignIns>& waiting = extra().waiting;
  const bool is_first = !waiting;
  if (is_first) {
    waiting.emplace(replaced, shared.now.steady + kReplaceTime, shared.unfinished_bytes);
  }
  waiting->add(std::move(sign_in));
  if (!is_first) return;
  shared.sign_in_ends.add(waiting->deadline, *output.peer());
  if (!shared.service.replace(replaced, *output.peer(), shared.now.steady)) finish_waiting(output);
}

void ClientSignIn::note_replaced(ClientOutput& output, const signaling::Replaced& answer) {
  if (!is_waiting() || extra_->waiting->replaced != answer.peer) return;
  if (++extra_->waiting->answers >= answer.answers) finish_waiting(output);
}

void ClientSignIn::elapse(ClientOutput& output, base::TimePoint now) {
  if (is_waiting() && extra_->waiting->deadline <= now) finish_waiting(output);
}

void ClientSignIn::finish_waiting(ClientOutput& output) {
  if (!is_waiting()) return;
  const auto waiting = std::exchange(extra_->waiting, std::nullopt);
  for (const SignIn& sign_in : waiting->sign_ins) {
    // A client that may return is told then.
    if (!output.is_closing() || output.recovers()) accept(output, sign_in);
  }
}

std::size_t ClientSignIn::waiting_bytes() const {
  return is_waiting() ? std::size_t{extra_->waiting->bytes} : 0;
}

void ClientSignIn::accept(ClientOutput& output, const SignIn& sign_in) {
  const std::string_view app = sign_in.claims.app;
  SharedByClients& shared = output.shared();
  shared.service.set_peerinfo(*output.peer(), sign_in.peerinfo, shared.now.steady);
  app_expires_at_ = sign_in.claims.expires_at;
  issue_session_token(output, app);

  std::string event;
  write_accept(event, output, app, sign_in.payload);
  if (sign_in.payload.empty() && !sign_in.attachments) {
    output.send_renewable_event(event);
  } else {
    output.send_event(event, sign_in.attachments);
  }
  if (!sign_in.ack) return;
  std::string acknowledgement;
  signaling::EventWriter::acknowledgement(acknowledgement)
      .text("token", session_token_)
      .optional_raw("ice_servers", ice_servers(output, app))
      .end();
  output.send_acknowledgement(*sign_in.ack, acknowledgement);
}

void ClientSignIn::issue_session_token(const ClientOutput& output, std::string_view app) {
  const SharedByClients& shared = output.shared();
  session_expires_at_ = std::min(shared.now.unix_seconds + shared.settings.token_lifetime.count(),
                                 std::int64_t{app_expires_at_});
  session_token_ =
      shared.tokens.issue_session(app, signaling::PeerIdText(*output.peer()), session_expires_at_,
                                  extra_ ? extra_->old_tokens.returns() : 0);
}

void ClientSignIn::take_over(ClientSignIn& other) {
  session_token_ = std::exchange(other.session_token_, {});
  session_expires_at_ = other.session_expires_at_;
  if (other.extra_) extra().old_tokens = other.extra_->old_tokens;
}

std::string ClientSignIn::renew(const ClientOutput& output, std::string_view app) {
  std::string event;
  if (!is_signed_in()) return event;
  extra().old_tokens.note_return(output.shared().now.unix_seconds);
  issue_session_token(output, app);
  write_accept(event, output, app, {});
  return event;
}

void ClientSignIn::write_accept(std::string& event, const ClientOutput& output,
                                std::string_view app, Raw payload) const {
  signaling::EventWriter(event, kSignIn)
      .text("token", session_token_)
      .optional_raw("ice_servers", ice_servers(output, app))
      .optional_raw("payload", payload)
      .end();
}

void ClientSignIn::end() {
  if (extra_) extra_->waiting.reset();
  session_token_.clear();
}

// The token issued last is compared as it is. An earlier one costs the check of its signature. It
// counts for this socket until it expires, or only for a while if the client has returned since.
std::string_view ClientSignIn::token_problem(const ClientOutput& output,
                                             const std::optional<signaling::Text>& token) const {
  if (!token) return kTokenMissing;
  const std::int64_t now = output.shared().now.unix_seconds;
  if (is_signed_in() && auth::constant_time_equal(token->view(), session_token_)) {
    return now < session_expires_at_ ? "" : kTokenExpired;
  }
  const auto claims = output.shared().tokens.read_session(token->view());
  if (!claims) return kTokenInvalid;
  const bool is_own = claims->socket == std::string_view(signaling::PeerIdText(*output.peer()));
  if (!is_own || !is_signed_in()) return kTokenOfAnotherConnection;
  if (has_replaced(claims->returns, now)) return kTokenExpired;
  return now < claims->expires_at ? "" : kTokenExpired;
}

}  // namespace heliograph::gateway
