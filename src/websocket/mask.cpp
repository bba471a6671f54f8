#include "websocket/mask.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace heliograph::websocket {

bool apply_mask(std::span<char> payload, const Mask& mask) {
  char* at = payload.data();
  char* const end = at + payload.size();
  std::uint32_t mask_word = 0;
  std::memcpy(&mask_word, mask.data(), sizeof mask_word);
#if defined(__SSE2__)
  const __m128i masks = _mm_set1_epi32(static_cast<int>(mask_word));
  __m128i seen = _mm_setzero_si128();
#pragma GCC unroll 4
  for (; end - at >= 16; at += 16) {
    auto* const lane = reinterpret_cast<__m128i*>(at);
    const __m128i unmasked = _mm_xor_si128(_mm_loadu_si128(lane), masks);
    _mm_storeu_si128(lane, unmasked);
    seen = _mm_or_si128(seen, unmasked);
  }
  bool is_ascii = _mm_movemask_epi8(seen) == 0;
#else
  const std::uint64_t masks = std::uint64_t{mask_word} << 32 | mask_word;
  std::uint64_t seen = 0;
  for (; end - at >= 8; at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    word ^= masks;
    std::memcpy(at, &word, sizeof word);
    seen |= word;
  }
  bool is_ascii = (seen & 0x8080808080808080) == 0;
#endif
  for (std::size_t i = 0; at != end; ++at, ++i) {
    *at = static_cast<char>(*at ^ mask[i % 4]);
    is_ascii = is_ascii && static_cast<unsigned char>(*at) < 0x80;
  }
  return is_ascii;
}

Mask advanced(const Mask& mask, std::size_t payload_bytes) {
  Mask rest = mask;
  std::ranges::rotate(rest, rest.begin() + static_cast<std::ptrdiff_t>(payload_bytes % 4));
  return rest;
}

}  // namespace heliograph::websocket
