#include "auth/crypto.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <stdexcept>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>

namespace heliograph::auth {

namespace {

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

struct FreeMac {
  void operator()(EVP_MAC* mac) const { EVP_MAC_free(mac); }
};

}  // namespace

// CRYPTO_memcmp goes byte by byte, which showed as a twentieth of a relay's cost. This gathers the
// differences of eight bytes at a time; the empty asm keeps the compiler from seeing through it, so
// that it can neither end early nor branch on the bytes.
bool constant_time_equal(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  std::uint64_t difference = 0;
  std::size_t i = 0;
  for (; i + sizeof(std::uint64_t) <= a.size(); i += sizeof(std::uint64_t)) {
    std::uint64_t left = 0;
    std::uint64_t right = 0;
    std::memcpy(&left, a.data() + i, sizeof left);
    std::memcpy(&right, b.data() + i, sizeof right);
    difference |= left ^ right;
    asm volatile("" : "+r"(difference));
  }
  for (; i < a.size(); ++i) {
    difference |= static_cast<unsigned char>(a[i] ^ b[i]);
    asm volatile("" : "+r"(difference));
  }
  return difference == 0;
}

Sha256Digest sha256(std::string_view text) {
  Sha256Digest digest{};
  if (EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1) {
    throw std::runtime_error("OpenSSL failed to compute a SHA-256");
  }
  return digest;
}

void HmacSha256::Free::operator()(evp_mac_ctx_st* context) const { EVP_MAC_CTX_free(context); }

HmacSha256::HmacSha256(std::string_view key) {
  const std::unique_ptr<EVP_MAC, FreeMac> mac(EVP_MAC_fetch(nullptr, OSSL_MAC_NAME_HMAC, nullptr));
  if (mac != nullptr) context_.reset(EVP_MAC_CTX_new(mac.get()));
  char digest[] = OSSL_DIGEST_NAME_SHA2_256;
  const OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0), OSSL_PARAM_END};
  // OpenSSL takes a null key for "the key you have"; an empty one must not look like that.
  const unsigned char* start = key.empty() ? bytes_of("") : bytes_of(key);
  if (context_ == nullptr || EVP_MAC_init(context_.get(), start, key.size(), parameters) != 1) {
    throw std::runtime_error("OpenSSL has no HMAC-SHA256");
  }
}

Sha256Digest HmacSha256::operator()(std::string_view a, std::string_view b) const {
  EVP_MAC_CTX* context = context_.get();
  Sha256Digest digest{};
  std::size_t length = 0;
  if (EVP_MAC_init(context, nullptr, 0, nullptr) != 1 ||
      EVP_MAC_update(context, bytes_of(a), a.size()) != 1 ||
      EVP_MAC_update(context, bytes_of(b), b.size()) != 1 ||
      EVP_MAC_final(context, digest.data(), &length, digest.size()) != 1) {
    throw std::runtime_error("OpenSSL failed to compute an HMAC-SHA256");
  }
  return digest;
}

void random_bytes(std::span<unsigned char> out) {
  if (out.size() > static_cast<std::size_t>(std::numeric_limits<int>::max()) ||
      RAND_bytes(out.data(), static_cast<int>(out.size())) != 1) {
    throw std::runtime_error("OpenSSL has no random bytes");
  }
}

std::string hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * bytes.size());
  for (const char byte : bytes) {
    text += kDigits[static_cast<unsigned char>(byte) >> 4];
    text += kDigits[static_cast<unsigned char>(byte) & 15];
  }
  return text;
}

std::string random_hex(std::size_t bytes) {
  std::string raw(bytes, '\0');
  random_bytes({reinterpret_cast<unsigned char*>(raw.data()), raw.size()});
  return hex(raw);
}

// What has been handed out is not kept.
void RandomPool::fill(std::span<unsigned char> out) {
  if (out.size() > block_.size()) return random_bytes(out);
  if (out.size() > block_.size() - used_) {
    random_bytes(block_);
    used_ = 0;
  }
  const auto portion = std::span(block_).subspan(used_, out.size());
  std::ranges::copy(portion, out.begin());
  std::ranges::fill(portion, static_cast<unsigned char>(0));
  used_ += out.size();
}

}  // namespace heliograph::auth
