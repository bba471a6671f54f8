#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <variant>

#include "websocket/frame.hpp"
#include "websocket/mask.hpp"

namespace heliograph::websocket {

// The longest header of a client (RFC 6455 §5.2, masked).
inline constexpr std::size_t kMaxClientHeaderBytes = 14;

// The header of a client's frame.
struct FrameHeader {
  std::uint64_t payload_bytes;
  Mask mask;
  std::uint8_t header_bytes;
  Opcode opcode;
  bool final;
};

struct HeaderIncomplete {};  // needs more bytes
struct HeaderInvalid {};     // a protocol error (close code 1002)
using HeaderResult = std::variant<HeaderIncomplete, HeaderInvalid, FrameHeader>;

// Reads the header at the front of `bytes` and checks all that the header alone can show: known
// opcode, no reserved bit, masked, the shortest form of the length, control frames whole and short.
HeaderResult read_header(std::span<const char> bytes);

inline bool is_control(Opcode opcode) { return static_cast<std::uint8_t>(opcode) >= 8; }

}  // namespace heliograph::websocket
