#pragma once

#include <chrono>
#include <cstddef>

namespace heliograph::engineio {

/// Engine.IO 4 timing and size, with the defaults of Socket.IO servers.
struct Settings {
  /// Time between the server's pings.
  std::chrono::milliseconds ping_interval{25'000};
  /// Time the client has for its pong; then the session is closed.
  std::chrono::milliseconds ping_timeout{20'000};
  /// Time a WebSocket that probes an upgrade may take to complete it.
  std::chrono::milliseconds upgrade_timeout{10'000};
  /// Bytes of one HTTP body or one WebSocket message.
  std::size_t max_payload = 1'000'000;
};

}  // namespace heliograph::engineio
