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
  unsigned beyond_ascii = 0;
#if defined(__SSE2__)
  std::int32_t mask_word = 0;
  std::memcpy(&mask_word, mask.data(), sizeof mask_word);
  const __m128i masks = _mm_set1_epi32(mask_word);
  __m128i seen = _mm_setzero_si128();
#pragma GCC unroll 4
  for (; end - at >= 16; at += 16) {
    auto* const lane = reinterpret_cast<__m128i*>(at);
    const __m128i unmasked = _mm_xor_si128(_mm_loadu_si128(lane), masks);
    _mm_storeu_si128(lane, unmasked);
    seen = _mm_or_si128(seen, unmasked);
  }
  beyond_ascii = static_cast<unsigned>(_mm_movemask_epi8(seen));
#endif
  for (std::size_t i = 0; at != end; ++at, ++i) {
    *at = static_cast<char>(*at ^ mask[i % 4]);
    beyond_ascii |= static_cast<unsigned char>(*at) & 0x80U;
  }
  return beyond_ascii == 0;
}

Mask advanced(const Mask& mask, std::size_t payload_bytes) {
  Mask rest = mask;
  std::ranges::rotate(rest, rest.begin() + static_cast<std::ptrdiff_t>(payload_bytes % 4));
  return rest;
}

}  // namespace heliograph::websocket
