#include "engineio/handshake.hpp"

#include "base/json.hpp"
#include "engineio/packet.hpp"

namespace heliograph::engineio {

std::string open_packet(const Handshake& handshake) {
  std::string out(1, static_cast<char>(PacketType::kOpen));
  out += R"({"sid":)";
  json::append_string(out, handshake.sid);
  out += handshake.can_upgrade ? R"(,"upgrades":["websocket"])" : R"(,"upgrades":[])";
  out += R"(,"pingInterval":)";
  out += std::to_string(handshake.ping_interval.count());
  out += R"(,"pingTimeout":)";
  out += std::to_string(handshake.ping_timeout.count());
  out += R"(,"maxPayload":)";
  out += std::to_string(handshake.max_payload);
  out += '}';
  return out;
}

}  // namespace heliograph::engineio
