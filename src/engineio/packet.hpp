#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace heliograph::engineio {

// The packet types of Engine.IO 4, section "Protocol"; the value is the character on the wire.
enum class PacketType : char {
  kOpen = '0',
  kClose = '1',
  kPing = '2',
  kPong = '3',
  kMessage = '4',
  kUpgrade = '5',
  kNoop = '6',
};

// The same character as text, for a packet that is put together from parts.
constexpr std::string_view type_text(PacketType type) {
  return std::string_view("0123456").substr(static_cast<std::size_t>(static_cast<char>(type) - '0'),
                                            1);
}

// The data of the ping by which a client tries the transport to upgrade to, and of its answer
// ("Upgrade").
inline constexpr std::string_view kProbe = "probe";

// One packet. `data` points into the bytes it was decoded from; only a message can be binary.
struct Packet {
  PacketType type;
  bool binary;
  std::string_view data;

  friend bool operator==(const Packet&, const Packet&) = default;
};

// Parts the packets of an HTTP long-polling payload ("Packet encoding", "HTTP long-polling").
inline constexpr char kSeparator = '\x1e';

// Decodes `<packet type>[<data>]`: a text WebSocket message, or one plain-text packet of a payload.
// Nothing for an empty text or an unknown type. UTF-8 is the transport's business.
std::optional<Packet> decode(std::string_view text);

}  // namespace heliograph::engineio
