#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace heliograph::auth {

struct TurnCredential {
  std::string username;
  std::string credential;
};

// A credential that coturn's `use-auth-secret` accepts until `expires_at` (seconds since the Unix
// epoch): username `<expires_at>:<user>`, credential base64(HMAC-SHA1(secret, username)).
TurnCredential turn_credential(std::string_view secret, std::string_view user,
                               std::int64_t expires_at);

}  // namespace heliograph::auth
