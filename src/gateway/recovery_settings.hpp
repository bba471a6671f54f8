#pragma once

#include <chrono>
#include <cstddef>

namespace heliograph::gateway {

/// How much is kept for clients that come back after their connection broke; see recovery.hpp.
struct RecoverySettings {
  /// How long a peer is kept without a connection; 0 turns recovery off.
  std::chrono::milliseconds window{30'000};
  bool is_on() const { return window.count() > 0; }
  /// Of the events that one peer may not have received, and of those of all peers together.
  std::size_t max_peer_bytes = 4 * 1024 * 1024;
  std::size_t max_total_bytes = 268'435'456;
};

}  // namespace heliograph::gateway
