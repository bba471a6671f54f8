#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace heliograph::auth {

struct TurnCredential {
  std::string username;
  std::string credential;
};

// The name of a user of an app for TURN servers, which count by it: 16 characters (base64url) of an
// HMAC-SHA256 of both. Nobody can read the user from it without the secret.
std::string turn_user(std::string_view secret, std::string_view app, std::string_view user);

// A credential that coturn's `use-auth-secret` accepts until `expires_at` (seconds since the Unix
// epoch): username `<expires_at>:<user>`, credential base64(HMAC-SHA1(secret, username)).
TurnCredential turn_credential(std::string_view secret, std::string_view user,
                               std::int64_t expires_at);

}  // namespace heliograph::auth
