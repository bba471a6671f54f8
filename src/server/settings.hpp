#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include "cluster_redis/settings.hpp"
#include "emitter/settings.hpp"
#include "engineio/settings.hpp"
#include "http/settings.hpp"
#include "reactor/settings.hpp"
#include "redis/settings.hpp"
#include "transport/settings.hpp"

namespace heliograph::server {

/// The address of the server, and the limits of its clients.
struct Settings {
  /// Address to listen on: "::" means all of both families, "localhost" 127.0.0.1 and ::1.
  std::string host = "::";
  /// TCP port; 0 chooses a free one and logs it.
  std::uint16_t port = 5000;
  /// The prefix of every path, such as "/rtc", for proxies that do not strip it; without a slash
  /// at the end.
  std::string base_path;
  /// Worker threads, each with its own listening socket; 0 means one per core.
  unsigned workers = 0;
  /// Bytes that are held for clients on all workers together; beyond this, the clients for whom
  /// most is held are disconnected. 0: no limit.
  std::size_t max_buffered_bytes = 0;
  /// Time for clients to leave when the server is told to stop.
  std::chrono::milliseconds shutdown_timeout{5'000};

  reactor::Settings reactor;
  http::Settings http;
  engineio::Settings engineio;
  transport::Settings transport;
};

/// The link to other nodes and back ends. A node is alone if `redis.url` is empty.
struct NodeLinkSettings {
  redis::Settings redis;
  cluster_redis::Settings cluster;
  emitter::Settings emitter;
};

}  // namespace heliograph::server
