#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/token_bucket.hpp"

namespace heliograph::transport {

/// Of each address of clients.
struct AddressLimits {
  /// Connections, and the same number of sessions; 0: no limit.
  std::size_t max_connections = 512;
  /// New sessions.
  base::BucketRate new_sessions{.per_second = 20, .burst = 200};
};

/// The limits of sessions, and the pages that may open them.
struct Settings {
  /// Origins whose pages may connect, beside the server's own; "*" allows all. A client that sends
  /// none is not a browser.
  std::vector<std::string> allowed_origins{"*"};
  /// Sessions whose clients have not sent their CONNECT yet, on all workers together; beyond this
  /// the oldest ends.
  std::size_t max_waiting_sessions = 10'000;
  AddressLimits addresses;
};

}  // namespace heliograph::transport
