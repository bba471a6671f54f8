#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/token_bucket.hpp"

namespace heliograph::http {

/// Where the server listens and what one connection may cost it.
struct Settings {
  /// Address to listen on: "::" means all of both families, "localhost" 127.0.0.1 and ::1.
  std::string host = "::";
  /// TCP port; 0 takes any free one and logs it.
  std::uint16_t port = 5000;
  /// The prefix of every path, such as "/rtc", for proxies that do not strip it; without a slash
  /// at the end.
  std::string base_path;
  /// Worker threads, each with its own listening socket; 0 means one a core.
  unsigned workers = 0;
  /// Bytes of a request's line and headers together; more is answered 431.
  std::size_t max_header_bytes = 16 * 1024;
  /// Time in which the first request of a connection must have arrived whole, and any other one
  /// once it has begun.
  std::chrono::milliseconds header_timeout{10'000};
  /// Time that a client has for a message that it sends in pieces, and a second more for each 8 KiB
  /// of it that has come; also the longest pause in it.
  std::chrono::milliseconds message_timeout{10'000};
  /// Time that a connection is kept for its next request. Longer than load balancers keep theirs,
  /// which is 60 s: they send a request into a connection that is being closed otherwise.
  std::chrono::milliseconds keep_alive_timeout{75'000};
  /// Bytes that wait for a client that does not read; with more it is disconnected.
  std::size_t max_unsent_bytes = 4 * 1024 * 1024;
  /// Bytes that are held for clients on all workers together; with more, those for whom most is
  /// held are disconnected. 0: no limit.
  std::size_t max_buffered_bytes = 0;
  /// Sessions whose clients have not sent their CONNECT yet, on all workers together; of more the
  /// oldest ends.
  std::size_t max_waiting_sessions = 10'000;
  /// Time a client has from its handshake to its Socket.IO CONNECT.
  std::chrono::milliseconds connect_timeout{5'000};
  /// Networks of the proxies that say whom they forward for, such as "10.0.0.0/8"; they are
  /// believed.
  std::vector<std::string> trusted_proxies;
  /// The header in which they say so: "x-forwarded-for" or "forwarded".
  std::string forwarded_header = "x-forwarded-for";
  /// Whether each connection comes from a trusted proxy and begins with a PROXY header.
  bool proxy_protocol = false;
  /// Connections of one address, and the same number of sessions; 0: no limit.
  std::size_t max_connections_per_address = 512;
  /// Sessions that one address may open.
  base::BucketRate sessions_per_address{.per_second = 20, .burst = 200};
  /// Time that clients have to go when the server is told to stop.
  std::chrono::milliseconds shutdown_timeout{5'000};
  /// Origins that browsers may call the HTTP API from; "*" allows all.
  std::vector<std::string> cors_origins{"*"};
  /// Origins whose pages may connect, beside the server's own; "*" allows all. A client that sends
  /// none is no browser.
  std::vector<std::string> allowed_origins{"*"};
};

}  // namespace heliograph::http
