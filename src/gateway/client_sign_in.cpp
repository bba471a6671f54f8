// How a client signs in, and which of its tokens count.
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "auth/crypto.hpp"
#include "gateway/client_session.hpp"
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

}  // namespace

// In order: a request that does not wait ends the waiting of those before it.
void ClientSession::authenticate(const signaling::AuthRequest& request, Raw payload,
                                 const socketio::Event& event) {
  auth::AppClaims claims;
  const auto error = check(request, event, claims);
  const auto replaced = error ? std::nullopt : replaced_by(request, claims.app);
  if (!waits_for(replaced)) finish_sign_ins();
  if (error) {
    output_.send_event(signaling::message_event("auth-reject", error->error, payload),
                       event.attachments);
    if (event.id) {
      output_.send_acknowledgement(*event.id, signaling::error_arguments(*error));
    }
    log_refusal(shared_.settings.log,
                {error->error, "auth-request", {}, peer(), output_.channel()});
    return;
  }
  SignIn sign_in{.claims = std::move(claims),
                 .peerinfo = std::string(request.peerinfo),
                 .payload = std::string(payload),
                 .attachments = event.attachments,
                 .ack = event.id};
  if (!replaced) return accept_sign_in(sign_in);
  wait_to_sign_in(*replaced, std::move(sign_in));
}

// The peer that the client was before and asks to take out. Its token need not be good any more,
// but must be one of ours, and of the same app.
std::optional<signaling::PeerId> ClientSession::replaced_by(const signaling::AuthRequest& request,
                                                            std::string_view app) const {
  if (!request.replaces) return std::nullopt;
  const auto claims = shared_.tokens.read_session(request.replaces->view());
  if (!claims || claims->app != app) return std::nullopt;
  const auto replaced = signaling::parse_peer_id(claims->socket);
  return replaced == peer() ? std::nullopt : replaced;
}

// Whether one like it waits already, and there is room for another.
bool ClientSession::waits_for(const std::optional<signaling::PeerId>& replaced) const {
  const auto* waiting = extra_ && extra_->waiting ? &*extra_->waiting : nullptr;
  return waiting && waiting->replaced == replaced && waiting->sign_ins.size() < kMostWaiting;
}

void ClientSession::wait_to_sign_in(const signaling::PeerId& replaced, SignIn sign_in) {
  std::optional<WaitingSignIns>& waiting = extra().waiting;
  const bool is_first = !waiting;
  if (is_first) {
    waiting.emplace(replaced, shared_.now.steady + kReplaceTime, shared_.unfinished_bytes);
  }
  waiting->add(std::move(sign_in));
  if (!is_first) return;
  shared_.sign_in_ends.add(waiting->deadline, *peer());
  if (!shared_.service.replace(replaced, *peer(), shared_.now.steady)) finish_sign_ins();
}

void ClientSession::note_replaced(const signaling::Replaced& answer) {
  if (!extra_ || !extra_->waiting || extra_->waiting->replaced != answer.peer) return;
  if (++extra_->waiting->answers >= answer.answers) finish_sign_ins();
}

void ClientSession::elapse_sign_ins(base::TimePoint now) {
  if (extra_ && extra_->waiting && extra_->waiting->deadline <= now) finish_sign_ins();
}

void ClientSession::drop_sign_ins() {
  if (extra_) extra_->waiting.reset();
}

// Without waiting any longer.
void ClientSession::finish_sign_ins() {
  if (!extra_ || !extra_->waiting) return;
  const auto waiting = std::exchange(extra_->waiting, std::nullopt);
  for (const SignIn& sign_in : waiting->sign_ins) {
    if (!is_closing()) accept_sign_in(sign_in);
  }
}

void ClientSession::accept_sign_in(const SignIn& sign_in) {
  const std::string_view app = sign_in.claims.app;
  shared_.service.set_peerinfo(*peer(), sign_in.peerinfo, shared_.now.steady);
  app_expires_at_ = sign_in.claims.expires_at;
  issue_session_token(app);

  std::string accept;
  write_sign_in(accept, app, sign_in.payload);
  if (sign_in.payload.empty() && !sign_in.attachments) {
    output_.send_renewable_event(accept);
  } else {
    output_.send_event(accept, sign_in.attachments);
  }
  if (!sign_in.ack) return;
  std::string acknowledgement;
  signaling::EventWriter::acknowledgement(acknowledgement)
      .text("token", session_token_)
      .optional_raw("ice_servers", ice_servers(app))
      .end();
  output_.send_acknowledgement(*sign_in.ack, acknowledgement);
}

void ClientSession::issue_session_token(std::string_view app) {
  session_expires_at_ = std::min(shared_.now.unix_seconds + shared_.settings.token_lifetime.count(),
                                 std::int64_t{app_expires_at_});
  session_token_ =
      shared_.tokens.issue_session(app, signaling::PeerIdText(*peer()), session_expires_at_,
                                   extra_ ? extra_->old_tokens.returns() : 0);
}

// Gives a client that has returned another session token, for the app whose token it has returned
// with; the event that tells it. Empty if it has none, because it has not signed in yet.
std::string ClientSession::renew_session(std::string_view app) {
  std::string event;
  if (session_token_.empty()) return event;
  extra().old_tokens.note_return(shared_.now.unix_seconds);
  issue_session_token(app);
  write_sign_in(event, app, {});
  return event;
}

void ClientSession::write_sign_in(std::string& event, std::string_view app, Raw payload) const {
  signaling::EventWriter(event, kSignIn)
      .text("token", session_token_)
      .optional_raw("ice_servers", ice_servers(app))
      .optional_raw("payload", payload)
      .end();
}

std::string ClientSession::ice_servers(std::string_view app) const {
  const std::string user =
      auth::turn_user_name(output_.limited_address(), signaling::PeerIdText(*peer()));
  return shared_.settings.ice_servers.for_user(app, user, shared_.now.unix_seconds);
}

// peerinfo is sent on with other events than its own, so it can hold no reference to attachments.
std::optional<Refusal> ClientSession::check(const signaling::AuthRequest& request,
                                            const socketio::Event& event, auth::AppClaims& claims) {
  if (!request.token) return Refusal{.error = Error::kUnauthorized, .reason = kTokenMissing};
  auto read = shared_.tokens.read_app(request.token->view());
  if (const auto problem = app_token_problem(read); !problem.empty()) {
    if (const auto wait = read ? std::nullopt : note_failure(auth::Attempt::kAuthRequest)) {
      return Refusal{.error = Error::kRateLimited, .retry_after = wait};
    }
    return Refusal{.error = Error::kUnauthorized, .reason = problem};
  }
  if (request.peerinfo.size() > shared_.settings.limits.max_peerinfo_bytes) {
    return Refusal{.error = Error::kPeerinfoTooLarge, .field = "peerinfo"};
  }
  const bool may_refer = event.attachments || request.peerinfo.find("\\u") != Raw::npos ||
                         request.peerinfo.find("_placeholder") != Raw::npos;
  if (may_refer && socketio::mentions_placeholder(request.peerinfo)) {
    return Refusal{.error = Error::kInvalidArguments,
                   .field = "peerinfo",
                   .problem = "must not hold binary values"};
  }
  claims = std::move(*read);
  return std::nullopt;
}

// Why an app token does not count; empty if it does.
std::string_view ClientSession::app_token_problem(
    const std::optional<auth::AppClaims>& claims) const {
  if (!claims || (claims->is_demo && !shared_.settings.takes_demo_tokens)) return kTokenInvalid;
  return shared_.now.unix_seconds < claims->expires_at ? "" : kTokenExpired;
}

// Why the token does not authorise; empty if it does. The token issued last is compared as it is.
// One issued before that is good for this socket until it expires, and costs the check of its
// signature; one from before the client returned counts for a while only.
std::string_view ClientSession::token_problem(const std::optional<signaling::Text>& token) const {
  if (!token) return kTokenMissing;
  const std::int64_t now = shared_.now.unix_seconds;
  if (!session_token_.empty() && auth::constant_time_equal(token->view(), session_token_)) {
    return now < session_expires_at_ ? "" : kTokenExpired;
  }
  const auto claims = shared_.tokens.read_session(token->view());
  if (!claims) return kTokenInvalid;
  const bool is_own = claims->socket == std::string_view(signaling::PeerIdText(*peer()));
  if (!is_own || session_token_.empty()) return kTokenOfAnotherConnection;
  if (has_replaced(claims->returns, now)) return kTokenExpired;
  return now < claims->expires_at ? "" : kTokenExpired;
}

}  // namespace heliograph::gateway
