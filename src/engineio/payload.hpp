#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "engineio/packet.hpp"

namespace heliograph::engineio {

// Packets that one body may hold. A client sends what it has, which is a handful.
inline constexpr std::size_t kMostPackets = 1'000;

// The packets of a body, broken ones included.
std::size_t count_packets(std::string_view body);

// Walks the body of a long-polling request packet by packet (Engine.IO 4, "HTTP long-polling").
// The body must outlive the reader. A binary packet is decoded into the reader's own buffer, so the
// data of a packet is valid until the next call of next().
class PayloadReader {
 public:
  explicit PayloadReader(std::string_view body) : rest_(body) {}

  // The next packet; nothing at the end of the body, or at the first packet that breaks a rule:
  // no type or an unknown one, text that is not UTF-8, or bad base64. Nothing comes after that.
  // Line ends in base64 are passed over: the Java client wraps its lines at 76 characters.
  std::optional<Packet> next();

  // True once next() has met such a packet. An empty body is one empty, thus broken, packet.
  bool failed() const { return state_ == State::kFailed; }

 private:
  enum class State : unsigned char { kReading, kDone, kFailed };

  std::string_view take_packet();
  std::optional<Packet> decode_binary(std::string_view base64);
  std::optional<Packet> fail();

  std::string_view rest_;
  std::string binary_;
  State state_ = State::kReading;
};

// Appends one packet to a payload, after a separator unless it is the first. A binary packet
// (always a message) goes as "b" and base64. Text must not hold the separator, which JSON never
// does.
void append_packet(std::string& payload, PacketType type, std::string_view data,
                   bool binary = false);

}  // namespace heliograph::engineio
