#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace heliograph::load {

// What is relayed: a session description of 2500 bytes or an ICE candidate of 220, as a browser
// makes them, each with a sequence number of ten digits inside.
struct Body {
  std::string_view field;          // "session_description"
  std::string_view relay_event;    // "relay-session-description"
  std::string_view relayed_event;  // "session-description"
  std::string json;
  std::size_t sequence_at;  // of the digits in `json`
};

enum class BodyKind : std::uint8_t { kSessionDescription, kIceCandidate };

constexpr std::size_t kSequenceDigits = 10;

Body make_body(BodyKind kind);

// Writes `sequence` over the ten digits at `at`.
void write_sequence(std::string& text, std::size_t at, std::uint32_t sequence);

}  // namespace heliograph::load
