#pragma once

#include <array>
#include <cstddef>
#include <span>

namespace heliograph::websocket {

// RFC 6455 §5.3: byte i of a client's payload is XORed with mask[i % 4].
using Mask = std::array<char, 4>;

// Masks or unmasks `payload` in place; mask[0] belongs to its first byte. Returns whether it is
// ASCII now.
bool apply_mask(std::span<char> payload, const Mask& mask);

// The mask for what follows the first `payload_bytes` bytes of a payload.
Mask advanced(const Mask& mask, std::size_t payload_bytes);

}  // namespace heliograph::websocket
