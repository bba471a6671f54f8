#include "base/utf8.hpp"

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

std::string_view utf8_prefix(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && is_continuation(text[bytes])) --bytes;
  return text.substr(0, bytes);
}

}  // namespace heliograph::base
