#include "engineio/packet.hpp"

namespace heliograph::engineio {

std::optional<Packet> decode(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const char type = text.front();
  if (type < static_cast<char>(PacketType::kOpen) || type > static_cast<char>(PacketType::kNoop)) {
    return std::nullopt;
  }
  return Packet{.type = PacketType{type}, .binary = false, .data = text.substr(1)};
}

}  // namespace heliograph::engineio
