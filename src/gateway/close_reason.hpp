#pragma once

#include <cstdint>

namespace heliograph::gateway {

/// Why a session ends.
enum class CloseReason : std::uint8_t {
  kClosedByClient,
  kPageLeft,  // a WebSocket closed with 1000 or 1001: a client that is done, a page that is left
  kTransportLost,
  kProtocolError,
  kTimeout,
  kTooMuchUnsent,
  kPolicy,
  kGoingAway,
};

}  // namespace heliograph::gateway
