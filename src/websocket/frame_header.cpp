#include "websocket/frame_header.hpp"

#include <algorithm>
#include <limits>

namespace heliograph::websocket {
namespace {

constexpr std::size_t kFixedBytes = 2;
constexpr std::uint8_t kFinalBit = 0x80;
constexpr std::uint8_t kReservedBits = 0x70;
constexpr std::uint8_t kOpcodeBits = 0x0f;
constexpr std::uint8_t kMaskedBit = 0x80;
constexpr std::uint8_t kLengthBits = 0x7f;

std::uint8_t byte_at(std::span<const char> bytes, std::size_t i) {
  return static_cast<std::uint8_t>(bytes[i]);
}

bool is_known(Opcode opcode) {
  return opcode <= Opcode::kBinary || (opcode >= Opcode::kClose && opcode <= Opcode::kPong);
}

// How many bytes of length follow a 7-bit length field, and the least length that needs so many.
struct ExtendedLength {
  std::size_t bytes;
  std::uint64_t least;
};

ExtendedLength extended_length(std::uint8_t length_field) {
  if (length_field == 126) return {.bytes = 2, .least = 126};
  if (length_field == 127) return {.bytes = 8, .least = 0x10000};
  return {.bytes = 0, .least = 0};
}

}  // namespace

HeaderResult read_header(std::span<const char> bytes) {
  if (bytes.size() < kFixedBytes) return HeaderIncomplete{};
  const std::uint8_t first = byte_at(bytes, 0);
  const std::uint8_t second = byte_at(bytes, 1);
  const std::uint8_t length_field = second & kLengthBits;
  FrameHeader header{.payload_bytes = length_field,
                     .mask = {},
                     .header_bytes = 0,
                     .opcode = static_cast<Opcode>(first & kOpcodeBits),
                     .final = (first & kFinalBit) != 0};
  if ((first & kReservedBits) != 0 || !is_known(header.opcode)) return HeaderInvalid{};
  if ((second & kMaskedBit) == 0) return HeaderInvalid{};
  if (is_control(header.opcode) && (!header.final || length_field > kMaxControlBytes)) {
    return HeaderInvalid{};
  }

  const ExtendedLength extended = extended_length(length_field);
  const std::size_t mask_at = kFixedBytes + extended.bytes;
  header.header_bytes = static_cast<std::uint8_t>(mask_at + header.mask.size());
  if (bytes.size() < header.header_bytes) return HeaderIncomplete{};
  if (extended.bytes != 0) {
    header.payload_bytes = 0;
    for (std::size_t i = kFixedBytes; i < mask_at; ++i) {
      header.payload_bytes = header.payload_bytes << 8 | byte_at(bytes, i);
    }
    constexpr std::uint64_t kMostBytes = std::numeric_limits<std::int64_t>::max();
    if (header.payload_bytes < extended.least || header.payload_bytes > kMostBytes) {
      return HeaderInvalid{};
    }
  }
  std::ranges::copy(bytes.subspan(mask_at, header.mask.size()), header.mask.begin());
  return header;
}

}  // namespace heliograph::websocket
