#pragma once

#include <chrono>

namespace heliograph::cluster {

/// How long a node waits for the store, and the others for a node.
struct Timing {
  /// Time between renewals of a node's lease.
  std::chrono::milliseconds heartbeat{2'000};
  /// A node whose lease was not renewed for so long counts as dead.
  std::chrono::milliseconds lease{6'000};
  /// Of a request with the store, before it is refused.
  std::chrono::milliseconds patience{1'500};
};

}  // namespace heliograph::cluster
