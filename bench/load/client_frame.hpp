#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace heliograph::load {

// RFC 6455 section 5.2.
enum class Opcode : std::uint8_t {
  kContinuation = 0,
  kText = 1,
  kBinary = 2,
  kClose = 8,
  kPing = 9,
  kPong = 10,
};

// A whole frame from a server. `payload` points into the bytes it was read from.
struct ServerFrame {
  Opcode opcode;
  std::string_view payload;
  std::size_t size;  // of the frame, header included
};

// Appends one final frame, masked with `mask` as section 5.3 asks of a client.
void append_client_frame(std::string& out, Opcode opcode, std::string_view payload,
                         std::uint32_t mask);

// The first frame of `bytes`, or nothing while it is incomplete. Throws LoadError on a masked,
// fragmented or extended frame: none of the measured servers may send one to this client.
std::optional<ServerFrame> read_server_frame(std::string_view bytes);

}  // namespace heliograph::load
