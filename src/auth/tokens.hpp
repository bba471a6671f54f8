#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "auth/secrets.hpp"

namespace heliograph::auth {

// When tokens expire, in seconds since the Unix epoch; kNever of an app token that says nothing.
inline constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

struct AppClaims {
  std::string app;
  std::int64_t expires_at = kNever;
  bool is_demo = false;  // counts only on a server whose demo is on
};

struct SessionClaims {
  std::string app;
  std::string socket;
  std::int64_t expires_at;
  std::uint32_t returns = 0;  // how often its peer had returned when it was issued
};

// Issues and verifies the server's tokens: RFC 7519 JWTs signed with HS256 (RFC 7515), told apart
// by their claim `kind`. An app token is never accepted as a session token, nor the reverse.
// One per worker: not thread-safe, as its HmacSha256.
class Tokens {
 public:
  explicit Tokens(const Secrets& secrets);
  explicit Tokens(std::string_view secret) : Tokens(Secrets(secret)) {}

  // The names must be valid UTF-8.
  std::string issue_app(std::string_view app, std::int64_t expires_at = kNever) const;
  std::string issue_demo(std::string_view app, std::int64_t expires_at) const;
  std::string issue_session(std::string_view app, std::string_view socket, std::int64_t expires_at,
                            std::uint32_t returns = 0) const;

  // A JWT of kind "app" or "demo", or an app token of the Node.js server that Heliograph replaces,
  // whether or not it has expired: it is valid before its `expires_at` (RFC 7519 §4.1.4).
  std::optional<AppClaims> read_app(std::string_view token) const;

  // A JWT of kind "session" whose `exp` is later than `now` (RFC 7519 §4.1.4).
  std::optional<SessionClaims> verify_session(std::string_view token, std::int64_t now) const;

  // The same, whether or not it has expired.
  std::optional<SessionClaims> read_session(std::string_view token) const;

 private:
  SecretHmac hmac_;
};

}  // namespace heliograph::auth
