#include "auth/turn.hpp"

#include <array>
#include <limits>
#include <stdexcept>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/base64.hpp"

namespace heliograph::auth {

TurnCredential turn_credential(std::string_view secret, std::string_view user,
                               std::int64_t expires_at) {
  std::string username = std::to_string(expires_at);
  username += ':';
  username += user;

  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned length = 0;
  if (secret.size() > static_cast<std::size_t>(std::numeric_limits<int>::max()) ||
      HMAC(EVP_sha1(), secret.data(), static_cast<int>(secret.size()),
           reinterpret_cast<const unsigned char*>(username.data()), username.size(), digest.data(),
           &length) == nullptr) {
    throw std::runtime_error("OpenSSL failed to compute an HMAC-SHA1");
  }
  std::string credential =
      base::base64_encode({reinterpret_cast<const char*>(digest.data()), length});
  return {std::move(username), std::move(credential)};
}

}  // namespace heliograph::auth
