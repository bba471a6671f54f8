#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace heliograph::websocket {

// RFC 6455 §5.2.
enum class Opcode : std::uint8_t {
  kContinuation = 0,
  kText = 1,
  kBinary = 2,
  kClose = 8,
  kPing = 9,
  kPong = 10
};

// RFC 6455 §7.4.1 and the IANA registry. A received code may be one that has no name here (3000 to
// 4999 belong to libraries and applications). kNoStatus stands for an absent code, never sent.
enum class CloseCode : std::uint16_t {
  kNormal = 1000,
  kGoingAway = 1001,
  kProtocolError = 1002,
  kUnsupported = 1003,
  kNoStatus = 1005,
  kInvalidPayload = 1007,
  kPolicyViolation = 1008,
  kTooBig = 1009,
  kInternalError = 1011,
  kTryAgainLater = 1013
};

// The longest header a server writes (§5.2, unmasked) and the longest payload of a control frame
// (§5.5).
inline constexpr std::size_t kMaxHeaderBytes = 10;
inline constexpr std::size_t kMaxControlBytes = 125;

// Writes the header of a final, unmasked frame to `out`, which has room for kMaxHeaderBytes.
// Returns the bytes written. A control frame's payload must not exceed kMaxControlBytes.
std::size_t write_header(char* out, Opcode opcode, std::size_t payload_bytes);

// The payload of a frame whose header write_header() has written.
std::string_view payload_of(const char* frame);

// Appends a whole frame, final and unmasked.
void append_frame(std::string& out, Opcode opcode, std::string_view payload);

// Appends a close frame (§5.5.1); kNoStatus makes it an empty one. A `reason` (UTF-8) that does not
// fit is cut at a character's boundary.
void append_close(std::string& out, CloseCode code, std::string_view reason = {});

}  // namespace heliograph::websocket
