#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace heliograph::net {

/// Where the server listens and what one connection may cost it.
struct Settings {
  /// Address to listen on.
  std::string host = "0.0.0.0";
  /// TCP port; 0 takes any free one and logs it.
  std::uint16_t port = 5000;
  /// Worker threads, each with its own listening socket; 0 means one a core.
  unsigned workers = 0;
  /// Bytes of a request's line and headers together; more is answered 431.
  std::size_t max_header_bytes = 8 * 1024;
  /// Time to send a request whole, and time an idle keep-alive connection is kept.
  std::chrono::milliseconds header_timeout{10'000};
  /// Bytes that wait for a client that does not read; with more it is disconnected.
  std::size_t max_unsent_bytes = 4 * 1024 * 1024;
  /// Time a client has from its handshake to its Socket.IO CONNECT.
  std::chrono::milliseconds connect_timeout{5'000};
  /// Time that clients have to go when the server is told to stop.
  std::chrono::milliseconds shutdown_timeout{5'000};
  /// Origins that browsers may call the HTTP API from; "*" allows all.
  std::vector<std::string> cors_origins{"*"};
  /// Origins whose pages may open a WebSocket; "*" allows all. A client that sends none is no
  /// browser.
  std::vector<std::string> websocket_origins{"*"};
};

}  // namespace heliograph::net
