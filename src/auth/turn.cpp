#include "auth/turn.hpp"

#include <array>
#include <limits>
#include <stdexcept>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/base64.hpp"

namespace heliograph::auth {
namespace {

constexpr std::size_t kUserBytes = 12;  // 16 characters

std::string hmac(const EVP_MD* hash, std::string_view key, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned length = 0;
  if (key.size() > static_cast<std::size_t>(std::numeric_limits<int>::max()) ||
      HMAC(hash, key.data(), static_cast<int>(key.size()),
           reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(),
           &length) == nullptr) {
    throw std::runtime_error("OpenSSL failed to compute an HMAC");
  }
  return {reinterpret_cast<const char*>(digest.data()), length};
}

}  // namespace

// The length tells where the app's name ends.
std::string turn_user(std::string_view secret, std::string_view app, std::string_view user) {
  std::string text = std::to_string(app.size());
  text.append(":").append(app).append(user);
  return base::base64url_encode(hmac(EVP_sha256(), secret, text).substr(0, kUserBytes));
}

TurnCredential turn_credential(std::string_view secret, std::string_view user,
                               std::int64_t expires_at) {
  std::string username = std::to_string(expires_at);
  username += ':';
  username += user;
  std::string credential = base::base64_encode(hmac(EVP_sha1(), secret, username));
  return {std::move(username), std::move(credential)};
}

}  // namespace heliograph::auth
