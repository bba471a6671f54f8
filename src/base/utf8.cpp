#include "base/utf8.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace heliograph::base {
namespace {

constexpr std::uint64_t kHighBits = 0x8080808080808080;

// How many bytes at the front are ASCII, found eight at a time; may stop up to seven short.
std::size_t ascii_prefix(std::string_view bytes) {
  std::size_t length = 0;
  while (bytes.size() - length >= sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + length, sizeof word);
    if ((word & kHighBits) != 0) return length;
    length += sizeof word;
  }
  return length;
}

// RFC 3629 §4: how long the sequence is that this byte begins, and between what its second byte
// must lie; that is where overlong forms, surrogates and code points above U+10FFFF show.
struct Lead {
  std::size_t length;  // 0: no sequence begins so
  unsigned char second_from = 0x80;
  unsigned char second_to = 0xBF;
};

Lead lead_of(unsigned char byte) {
  if (byte < 0x80) return {1};
  if (byte < 0xC2) return {0};
  if (byte < 0xE0) return {2};
  if (byte == 0xE0) return {3, 0xA0, 0xBF};
  if (byte == 0xED) return {3, 0x80, 0x9F};
  if (byte < 0xF0) return {3};
  if (byte == 0xF0) return {4, 0x90, 0xBF};
  if (byte < 0xF4) return {4};
  if (byte == 0xF4) return {4, 0x80, 0x8F};
  return {0};
}

// The length of the sequence at the front; 0 where it is ill-formed or cut short.
std::size_t sequence_length(std::string_view bytes) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  const Lead lead = lead_of(at(0));
  if (lead.length > bytes.size()) return 0;
  if (lead.length > 1 && (at(1) < lead.second_from || at(1) > lead.second_to)) return 0;
  for (std::size_t i = 2; i < lead.length; ++i) {
    if ((at(i) & 0xC0) != 0x80) return 0;
  }
  return lead.length;
}

}  // namespace

bool is_valid_utf8(std::string_view bytes) {
  while (!bytes.empty()) {
    bytes.remove_prefix(ascii_prefix(bytes));
    if (bytes.empty()) break;
    const std::size_t length = sequence_length(bytes);
    if (length == 0) return false;
    bytes.remove_prefix(length);
  }
  return true;
}

}  // namespace heliograph::base
