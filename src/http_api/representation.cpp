#include "http_api/representation.hpp"

#include <algorithm>
#include <array>

#include <openssl/sha.h>

#include "base/base64.hpp"
#include "base/text.hpp"

namespace heliograph::http_api {

namespace {

// 96 of the 256 bits: enough that no two files meet by chance, in 16 characters.
constexpr std::size_t kEtagBytes = 12;

// "0", "0.", "0.000": not acceptable (RFC 9110 §12.4.2).
bool is_zero_weight(std::string_view weight) {
  return weight.starts_with('0') && weight.find_first_not_of("0.") == std::string_view::npos;
}

}  // namespace

std::string etag_of(std::string_view bytes) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest;
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data());
  return '"' + base::base64url_encode({reinterpret_cast<const char*>(digest.data()), kEtagBytes}) +
         '"';
}

bool etag_matches(std::string_view if_none_match, std::string_view etag) {
  if (base::trim(if_none_match) == "*") return true;
  // Our tags hold no comma, so that a comma inside somebody else's tag cannot make one of ours.
  while (!if_none_match.empty()) {
    std::string_view tag = base::trim(base::cut_first(if_none_match, ','));
    if (tag.starts_with("W/")) tag.remove_prefix(2);
    if (tag == etag) return true;
  }
  return false;
}

bool accepts_gzip(std::string_view accept_encoding) {
  bool any = false;
  while (!accept_encoding.empty()) {
    std::string_view parameters = base::cut_first(accept_encoding, ',');
    const std::string_view coding = base::trim(base::cut_first(parameters, ';'));
    std::string_view weight = base::trim(parameters);
    if (weight.starts_with("q=") || weight.starts_with("Q=")) weight.remove_prefix(2);
    if (base::equals_ignoring_case(coding, "gzip")) return !is_zero_weight(weight);
    if (coding == "*") any = !is_zero_weight(weight);
  }
  return any;
}

}  // namespace heliograph::http_api
