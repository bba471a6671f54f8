#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

// OpenSSL's own names for its opaque types, so that its headers stay out of ours.
struct evp_mac_ctx_st;

namespace heliograph::auth {

using Sha256Digest = std::array<unsigned char, 32>;

// The digest's bytes, to compare or to encode.
inline std::string_view as_text(const Sha256Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

// Whether both are the same bytes. Takes a time that depends on the lengths only, not on where the
// two differ.
bool constant_time_equal(std::string_view a, std::string_view b);

// SHA-256 (FIPS 180-4). Throws std::runtime_error if OpenSSL fails.
Sha256Digest sha256(std::string_view text);

// HMAC-SHA256 (RFC 2104, FIPS 180-4) under one key, its schedule computed once.
// Not thread-safe, though const: one per worker. Throws std::runtime_error if OpenSSL fails.
class HmacSha256 {
 public:
  explicit HmacSha256(std::string_view key);

  // The code of `a` followed by `b`.
  Sha256Digest operator()(std::string_view a, std::string_view b = {}) const;

 private:
  struct Free {
    void operator()(evp_mac_ctx_st* context) const;
  };
  std::unique_ptr<evp_mac_ctx_st, Free> context_;
};

// Fills `out` from OpenSSL's generator, fit for keys. Throws std::runtime_error if there is none.
void random_bytes(std::span<unsigned char> out);

// Each byte as two hexadecimal digits, in lower case.
std::string hex(std::string_view bytes);

// This many random bytes, as hex() writes them.
std::string random_hex(std::size_t bytes);

// The same in small portions, drawn from the generator a block at a time, which costs a tenth.
// Not thread-safe: one per worker.
class RandomPool {
 public:
  void fill(std::span<unsigned char> out);

 private:
  std::array<unsigned char, 1024> block_{};
  std::size_t used_ = sizeof(block_);
};

}  // namespace heliograph::auth
