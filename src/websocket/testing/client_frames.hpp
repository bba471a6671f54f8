#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "websocket/frame.hpp"
#include "websocket/mask.hpp"

// A client's frames, for tests only: written without the code under test.
namespace heliograph::websocket::testing {

inline constexpr Mask kMask{'\x37', '\xfa', '\x21', '\x3d'};  // that of RFC 6455 §5.7

enum class Fin : bool { kMore, kFinal };

// A whole masked frame with the shortest form of the length.
std::string client_frame(Opcode opcode, std::string_view payload, Fin fin = Fin::kFinal,
                         const Mask& mask = kMask);

// The events of `bytes` to a new parser, each as a line like "text hello" or "violation 1002";
// delivered in pieces that end at `splits` (ascending), each piece in memory of its own that is
// gone when the next comes.
std::vector<std::string> events_of(std::string_view bytes,
                                   const std::vector<std::size_t>& splits = {},
                                   std::size_t max_message_bytes = 1 << 20);

// Expects these events of `bytes` delivered whole, cut in two at every place, in single bytes, and
// (where that is few) cut in three at every two places.
void expect_events_at_every_split(std::string_view bytes, const std::vector<std::string>& expected,
                                  std::size_t max_message_bytes = 1 << 20);

}  // namespace heliograph::websocket::testing
