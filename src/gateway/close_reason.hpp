#pragma once

#include <cstdint>
#include <string_view>

#include "websocket/frame.hpp"

namespace heliograph::gateway {

/// Why a session ends, or a WebSocket that was to carry one. Codes and texts stand in one table,
/// close_reason.cpp.
enum class CloseReason : std::uint8_t {
  // The client ends it.
  kClosedByClient,
  kPageLeft,  // a WebSocket closed with 1000 or 1001: a client that is done, a page that is left
  kTransportLost,
  // The client is not there, or does not keep up.
  kHeartbeatTimeout,
  kConnectTimeout,
  kTooMuchUnsent,
  kMessageTooSlow,
  // The client breaks a protocol: RFC 6455,
  kInvalidFrame,
  kInvalidUtf8,
  kMessageTooLarge,
  // Engine.IO,
  kUnexpectedPacket,
  kOverlappingPolls,
  kOverlappingPosts,
  kUpgradeRefused,
  kUpgradeFailed,
  kUnsupportedVersion,
  kTooManyPackets,
  kTooManyPings,
  // or Socket.IO.
  kMalformedPacket,
  kParserNotSupported,
  kEventBeforeConnect,
  kRepeatedConnect,
  kTooManyConnects,
  kTooManyEvents,
  // The server ends it.
  kResumed,
  kReplaced,
  kPeerLost,
  kTokenExpired,
  kTooManyWaiting,
  kOverMemory,
  kGoingAway,
};

/// Whether the server ends the session because of what the client has sent.
constexpr bool is_breach(CloseReason reason) {
  return reason >= CloseReason::kInvalidFrame && reason <= CloseReason::kTooManyEvents;
}

/// How a log should treat an end.
enum class Severity : std::uint8_t { kOrdinary, kProblem };

/// `code` and `text` go into the WebSocket close frame; `text` also into HTTP answers and the log.
struct CloseText {
  websocket::CloseCode code;
  std::string_view text;  // 123 bytes at most (RFC 6455 §5.5)
  Severity severity;
};

const CloseText& text(CloseReason reason);

}  // namespace heliograph::gateway
