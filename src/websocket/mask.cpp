#include "websocket/mask.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace heliograph::websocket {

void apply_mask(std::span<char> payload, const Mask& mask) {
  using Block = std::array<std::uint64_t, 2>;  // two words, which compilers join to one of 16 bytes
  std::uint32_t mask_word;
  std::memcpy(&mask_word, mask.data(), sizeof mask_word);
  const std::uint64_t word = std::uint64_t{mask_word} << 32 | mask_word;

  char* at = payload.data();
  char* const end = at + payload.size();
  for (; end - at >= std::ptrdiff_t{sizeof(Block)}; at += sizeof(Block)) {
    Block block;
    std::memcpy(&block, at, sizeof block);
    block[0] ^= word;
    block[1] ^= word;
    std::memcpy(at, &block, sizeof block);
  }
  for (std::size_t i = 0; at != end; ++at, ++i) *at = static_cast<char>(*at ^ mask[i % 4]);
}

Mask advanced(const Mask& mask, std::size_t payload_bytes) {
  Mask rest = mask;
  std::ranges::rotate(rest, rest.begin() + static_cast<std::ptrdiff_t>(payload_bytes % 4));
  return rest;
}

}  // namespace heliograph::websocket
