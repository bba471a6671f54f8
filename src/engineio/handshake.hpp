#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace heliograph::engineio {

// The server's announcement when a session opens (Engine.IO 4, "Handshake").
struct Handshake {
  std::string_view sid;
  bool can_upgrade;  // the session began with long-polling and may go on over WebSocket
  std::chrono::milliseconds ping_interval;
  std::chrono::milliseconds ping_timeout;
  std::size_t max_payload;  // bytes of one polling payload or WebSocket message
};

// The open packet, `0{"sid":…}`, its keys in the order of the reference server.
std::string open_packet(const Handshake& handshake);

}  // namespace heliograph::engineio
