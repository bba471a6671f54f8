#include "engineio/old_version.hpp"

namespace heliograph::engineio {

std::vector<std::string> old_version_packets() {
  return {
      R"(0{"sid":"unsupported","upgrades":[],"pingInterval":25000,"pingTimeout":20000})",
      R"(44"Unsupported protocol version: this server needs a Socket.IO client of version 3 or newer")",
      "41",
      "1",
  };
}

// Each packet behind its length in characters; here each character is one byte.
std::string old_version_payload() {
  std::string payload;
  for (const std::string& packet : old_version_packets()) {
    payload += std::to_string(packet.size());
    payload += ':';
    payload += packet;
  }
  return payload;
}

}  // namespace heliograph::engineio
