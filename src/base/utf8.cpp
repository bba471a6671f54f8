#include "base/utf8.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>

#include <simdjson.h>

namespace heliograph::base {
namespace {

// Up to this size, a plain look for ASCII beats the set-up of the vectorised check.
constexpr std::size_t kShortBytes = 64;

bool is_ascii(std::string_view bytes) {
  constexpr std::uint64_t kHighBits = 0x8080808080808080;
  std::uint64_t seen = 0;
  while (bytes.size() >= sizeof seen) {
    std::uint64_t word;
    std::memcpy(&word, bytes.data(), sizeof word);
    seen |= word;
    bytes.remove_prefix(sizeof word);
  }
  for (const char byte : bytes) seen |= static_cast<unsigned char>(byte);
  return (seen & kHighBits) == 0;
}

}  // namespace

bool is_valid_utf8(std::string_view bytes) {
  if (bytes.size() <= kShortBytes && is_ascii(bytes)) return true;
  return simdjson::validate_utf8(bytes.data(), bytes.size());
}

}  // namespace heliograph::base
