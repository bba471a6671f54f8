#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "base/assembly.hpp"

namespace heliograph::http {

/// The cost of a request, the proxies that are believed about its sender, and the pages that may
/// read its answer.
struct Settings {
  /// Bytes of a request's line and headers together; more is answered 431.
  std::size_t max_header_bytes = 16 * 1024;
  /// Time for the first request of a connection to arrive completely, and for any later one once it
  /// has begun.
  std::chrono::milliseconds header_timeout{10'000};
  /// Time for a message that a client sends in pieces, plus a second for each 8 KiB of it that has
  /// arrived; also the longest pause in it. Applies to HTTP bodies, WebSocket messages and events
  /// with attachments.
  std::chrono::milliseconds message_timeout = base::Assembly::kUsualPatience;
  /// Time that a connection is kept for its next request. Longer than load balancers keep theirs,
  /// which is 60 s: otherwise they send a request into a connection that is being closed.
  std::chrono::milliseconds keep_alive_timeout{75'000};
  /// Networks of the trusted proxies, which say for which client they forward, such as
  /// "10.0.0.0/8".
  std::vector<std::string> trusted_proxies;
  /// The header in which they say so: "x-forwarded-for" or "forwarded".
  std::string forwarded_header = "x-forwarded-for";
  /// Whether each connection comes from a trusted proxy and begins with a PROXY header.
  bool proxy_protocol = false;
  /// Origins that browsers may call the HTTP API from; "*" allows all.
  std::vector<std::string> cors_origins{"*"};
};

}  // namespace heliograph::http
