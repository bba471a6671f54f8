#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "auth/crypto.hpp"

namespace heliograph::auth {

struct AppClaims {
  std::string app;
};

// `expires_at` is in seconds since the Unix epoch.
struct SessionClaims {
  std::string app;
  std::string socket;
  std::int64_t expires_at;
};

// Issues and verifies the server's two kinds of tokens: RFC 7519 JWTs signed with HS256 (RFC 7515),
// told apart by their claim `kind`. One kind is never accepted as the other.
// One per worker: not thread-safe, as its HmacSha256.
class Tokens {
 public:
  explicit Tokens(std::string_view secret);

  // The names must be valid UTF-8.
  std::string issue_app(std::string_view app) const;
  std::string issue_session(std::string_view app, std::string_view socket,
                            std::int64_t expires_at) const;

  // A JWT of kind "app", or an app token as the seed's server made them. Never expires.
  std::optional<AppClaims> verify_app(std::string_view token) const;

  // A JWT of kind "session" whose `exp` is later than `now` (RFC 7519 §4.1.4).
  std::optional<SessionClaims> verify_session(std::string_view token, std::int64_t now) const;

  // The same, whether or not it has expired.
  std::optional<SessionClaims> read_session(std::string_view token) const;

 private:
  HmacSha256 hmac_;
};

}  // namespace heliograph::auth
