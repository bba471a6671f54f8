#include "base/utf8.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace heliograph::base {
namespace {

bool is_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }
bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

#if defined(__SSE2__)
__m128i load(const char* from) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from)); }

// Bit i is set where byte i of the block is not ASCII.
unsigned not_ascii(__m128i block) { return static_cast<unsigned>(_mm_movemask_epi8(block)); }
#endif

// Where the text is no longer ASCII.
const char* skip_ascii(const char* at, const char* end) {
#if defined(__SSE2__)
  for (; end - at >= 64; at += 64) {
    const __m128i first = _mm_or_si128(load(at), load(at + 16));
    const __m128i second = _mm_or_si128(load(at + 32), load(at + 48));
    if (not_ascii(_mm_or_si128(first, second)) != 0) break;
  }
  for (; end - at >= 16; at += 16) {
    if (const unsigned found = not_ascii(load(at)); found != 0) return at + std::countr_zero(found);
  }
#endif
  while (at != end && is_ascii(*at)) ++at;
  return at;
}

// Where the sequence ends that begins here, of a character that is not ASCII; nullptr if it is
// ill-formed (RFC 3629 §3 and §4): cut short, overlong, a surrogate, or no code point at all.
const char* skip_sequence(const char* at, const char* end) {
  const auto lead = static_cast<unsigned char>(at[0]);
  if (lead < 0xe0) {
    return lead >= 0xc2 && end - at >= 2 && is_continuation(at[1]) ? at + 2 : nullptr;
  }
  if (end - at < 3 || !is_continuation(at[1]) || !is_continuation(at[2])) return nullptr;
  const auto second = static_cast<unsigned char>(at[1]);
  if (lead < 0xf0) {
    const bool is_overlong = lead == 0xe0 && second < 0xa0;
    const bool is_surrogate = lead == 0xed && second >= 0xa0;
    return is_overlong || is_surrogate ? nullptr : at + 3;
  }
  if (end - at < 4 || !is_continuation(at[3])) return nullptr;
  const bool is_overlong = lead == 0xf0 && second < 0x90;
  const bool is_beyond = lead > 0xf4 || (lead == 0xf4 && second >= 0x90);
  return is_overlong || is_beyond ? nullptr : at + 4;
}

// As a lead byte says; 1 for any other byte.
std::size_t sequence_bytes(char c) {
  const auto byte = static_cast<unsigned char>(c);
  if (byte >= 0xf0) return 4;
  if (byte >= 0xe0) return 3;
  return byte >= 0xc0 ? 2 : 1;
}

// How many bytes at the end belong to a sequence that goes on behind it.
std::size_t cut_bytes(std::string_view text) {
  for (std::size_t back = 1; back <= 3 && back <= text.size(); ++back) {
    const char c = text[text.size() - back];
    if (!is_continuation(c)) return sequence_bytes(c) > back ? back : 0;
  }
  return 0;
}

}  // namespace

bool is_valid_utf8(std::string_view bytes) {
  const char* at = bytes.data();
  const char* const end = at + bytes.size();
  while ((at = skip_ascii(at, end)) != end) {
    do {
      at = skip_sequence(at, end);
      if (at == nullptr) return false;
    } while (at != end && !is_ascii(*at));
  }
  return true;
}

bool Utf8Check::add(std::string_view piece) {
  for (; !is_whole() && !piece.empty(); piece.remove_prefix(1)) {
    if (!add_byte(piece.front())) return false;
  }
  const std::size_t whole = piece.size() - cut_bytes(piece);
  if (!is_valid_utf8(piece.substr(0, whole))) return false;
  return std::ranges::all_of(piece.substr(whole), [this](char c) { return add_byte(c); });
}

// Of a character that is cut: its lead byte, or the next one (RFC 3629 §4).
bool Utf8Check::add_byte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  if (!is_whole()) {
    if (byte < least_ || byte > most_) return false;
    --missing_;
  } else {
    if (byte < 0xc2 || byte > 0xf4) return false;
    missing_ = static_cast<std::uint8_t>(sequence_bytes(c) - 1);
  }
  least_ = 0x80;
  most_ = 0xbf;
  if (byte == 0xe0) least_ = 0xa0;  // less is overlong
  if (byte == 0xf0) least_ = 0x90;
  if (byte == 0xed) most_ = 0x9f;  // more is a surrogate
  if (byte == 0xf4) most_ = 0x8f;  // or beyond U+10FFFF
  return true;
}

std::string_view utf8_prefix(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && is_continuation(text[bytes])) --bytes;
  return text.substr(0, bytes);
}

}  // namespace heliograph::base
