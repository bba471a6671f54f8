#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "auth/failures.hpp"
#include "auth/tokens.hpp"
#include "base/clock.hpp"
#include "gateway/client_output.hpp"
#include "gateway/expiry.hpp"
#include "gateway/old_tokens.hpp"
#include "gateway/sign_in.hpp"
#include "signaling/command.hpp"
#include "signaling/refusal.hpp"
#include "signaling/worker_message.hpp"
#include "socketio/decoder.hpp"

namespace heliograph::gateway {

/// How one client signs in, and which of its tokens count. Each call is given the client's output,
/// which an idle client need not refer to twice.
class ClientSignIn {
 public:
  /// An `auth-request`. It is answered now or, if it replaces an earlier peer, when that has left
  /// its rooms.
  void authenticate(ClientOutput& output, const signaling::AuthRequest& request,
                    signaling::Raw payload, const socketio::Event& event);
  /// The peer that the client was before has left a room, or was in none.
  void note_replaced(ClientOutput& output, const signaling::Replaced& answer);
  /// Answers the auth-requests that wait, if their time is over.
  void elapse(ClientOutput& output, base::TimePoint now);
  /// Answers them without waiting any longer.
  void finish_waiting(ClientOutput& output);
  /// Bytes of those that wait.
  std::size_t waiting_bytes() const;

  /// When the app token expires that came last, in the CONNECT or an auth-request, in seconds since
  /// the Unix epoch. The session ends then.
  std::int64_t app_expires_at() const { return app_expires_at_; }
  void set_app_expiry(std::int64_t unix_seconds) { app_expires_at_ = unix_seconds; }

  bool is_signed_in() const { return !session_token_.empty(); }
  /// Why a session token does not authorise; empty if it does.
  std::string_view token_problem(const ClientOutput& output,
                                 const std::optional<signaling::Text>& token) const;
  /// Whether a session token from before that many returns is no longer valid.
  bool has_replaced(std::uint32_t returns, std::int64_t now) const {
    return extra_ && extra_->old_tokens.is_replaced(returns, now);
  }

  /// Takes the tokens over from the client's earlier connection.
  void take_over(ClientSignIn& other);
  /// Gives a client that has returned another session token, for the app whose token it has
  /// returned with. The event that tells it; empty if the client has not signed in yet.
  std::string renew(const ClientOutput& output, std::string_view app);
  /// The client is no peer any more.
  void end();

 private:
  // State that most clients never need.
  struct Extra {
    std::optional<WaitingSignIns> waiting;
    OldTokens old_tokens;  // from before it returned
  };

  Extra& extra();
  bool is_waiting() const { return extra_ && extra_->waiting; }
  bool waits_for(const std::optional<signaling::PeerId>& replaced) const;
  void wait(ClientOutput& output, const signaling::PeerId& replaced, SignIn sign_in);
  void accept(ClientOutput& output, const SignIn& sign_in);
  void issue_session_token(const ClientOutput& output, std::string_view app);
  void write_accept(std::string& event, const ClientOutput& output, std::string_view app,
                    signaling::Raw payload) const;

  std::string session_token_;  // the one last issued
  Expiry session_expires_at_ = 0;
  Expiry app_expires_at_ = auth::kNever;
  std::unique_ptr<Extra> extra_;  // null until it is needed
};

/// Why an app token does not count; empty if it does.
std::string_view app_token_problem(const SharedByClients& shared,
                                   const std::optional<auth::AppClaims>& claims);

/// Counts a wrong app token to the client's address. How long that address has to wait if it has
/// failed too often already; then the failure does not count.
std::optional<std::chrono::milliseconds> note_failure(const ClientOutput& output,
                                                      auth::Attempt attempt);

}  // namespace heliograph::gateway
