#pragma once

#include <cstdint>

namespace heliograph::gateway {

/// Why a session ends.
enum class CloseReason : std::uint8_t {
  kClosedByClient,
  kPageLeft,  // a browser closed the tab or went to another page
  kTransportLost,
  kProtocolError,
  kTimeout,
  kTooMuchUnsent,
  kPolicy,
  kGoingAway,
};

}  // namespace heliograph::gateway
