#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace heliograph::socketio {

// The packet types of Socket.IO protocol 5, "Exchange protocol"; the value is the character on the
// wire.
enum class PacketType : char {
  kConnect = '0',
  kDisconnect = '1',
  kEvent = '2',
  kAck = '3',
  kConnectError = '4',
  kBinaryEvent = '5',
  kBinaryAck = '6',
};

// The namespace that a packet belongs to if it names none.
inline constexpr std::string_view kMainNamespace = "/";

// The whole header of a packet of the main namespace without attachments and without an id.
constexpr std::string_view plain_header(PacketType type) {
  return std::string_view("0123456").substr(static_cast<std::size_t>(static_cast<char>(type) - '0'),
                                            1);
}

// The header of a packet and its payload, undecoded; views point into the text. `nsp` is
// kMainNamespace if the packet names none, and ends before the query string some clients append to
// it.
struct Packet {
  PacketType type;
  std::uint32_t attachments;  // announced binary messages to follow; 0 unless a binary type
  std::string_view nsp;
  std::optional<std::uint64_t> id;  // of the acknowledgement; events and acks only
  std::string_view data;            // JSON, not parsed; empty if there is none

  friend bool operator==(const Packet&, const Packet&) = default;
};

// Decodes the header of `<type>[<attachments>-][<namespace>,][<id>][<JSON>]` ("Packet encoding").
// Nothing for an unknown type, a binary type without a count, a number too large for its field, or
// an id on a packet that can have none.
std::optional<Packet> decode(std::string_view text);

// Appends such a header; the caller appends the JSON. `attachments` is written for the binary types
// only, `nsp` if it is not kMainNamespace.
void append_header(std::string& out, PacketType type, std::string_view nsp,
                   std::optional<std::uint64_t> id, std::uint32_t attachments = 0);

}  // namespace heliograph::socketio
