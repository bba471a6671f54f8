#include "gateway/close_reason.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace heliograph::gateway {
namespace {

using websocket::CloseCode;
using enum CloseReason;
using enum Severity;

struct Row {
  CloseReason reason;
  CloseText text;
};

// The clients that the server ends with 1000 connect again.
constexpr std::array kTable{
    Row{kClosedByClient, {CloseCode::kNormal, "closed by the client", kOrdinary}},
    Row{kPageLeft, {CloseCode::kNormal, "page left", kOrdinary}},
    Row{kTransportLost, {CloseCode::kNormal, "connection lost", kOrdinary}},
    Row{kHeartbeatTimeout, {CloseCode::kNormal, "heartbeat timeout", kOrdinary}},
    Row{kConnectTimeout, {CloseCode::kNormal, "no CONNECT in time", kProblem}},
    Row{kTooMuchUnsent, {CloseCode::kPolicyViolation, "reads too slowly", kProblem}},
    Row{kMessageTooSlow, {CloseCode::kPolicyViolation, "message not complete in time", kProblem}},
    Row{kInvalidFrame, {CloseCode::kProtocolError, "invalid WebSocket frame", kProblem}},
    Row{kInvalidUtf8, {CloseCode::kInvalidPayload, "text is not UTF-8", kProblem}},
    Row{kMessageTooLarge, {CloseCode::kTooBig, "message too large", kProblem}},
    Row{kUnexpectedPacket, {CloseCode::kProtocolError, "unexpected Engine.IO packet", kProblem}},
    Row{kOverlappingPolls, {CloseCode::kProtocolError, "two polls at once", kProblem}},
    Row{kOverlappingPosts, {CloseCode::kProtocolError, "two posts at once", kProblem}},
    Row{kUpgradeRefused,
        {CloseCode::kPolicyViolation, "this session cannot be upgraded", kOrdinary}},
    Row{kUpgradeFailed, {CloseCode::kNormal, "the upgrade was not completed", kOrdinary}},
    Row{kUnsupportedVersion,
        {CloseCode::kProtocolError, "Socket.IO client of version 3 or newer needed", kProblem}},
    Row{kTooManyPackets, {CloseCode::kPolicyViolation, "too many packets in a body", kProblem}},
    Row{kTooManyPings, {CloseCode::kPolicyViolation, "too many pings", kProblem}},
    Row{kMalformedPacket, {CloseCode::kProtocolError, "malformed packet", kProblem}},
    Row{kParserNotSupported, {CloseCode::kProtocolError, "parser not supported", kProblem}},
    Row{kEventBeforeConnect, {CloseCode::kProtocolError, "event before CONNECT", kProblem}},
    Row{kRepeatedConnect, {CloseCode::kProtocolError, "connected already", kProblem}},
    Row{kTooManyConnects, {CloseCode::kPolicyViolation, "too many CONNECTs", kProblem}},
    Row{kTooManyEvents, {CloseCode::kPolicyViolation, "too many events over the limit", kProblem}},
    Row{kResumed, {CloseCode::kNormal, "resumed over another connection", kOrdinary}},
    Row{kReplaced, {CloseCode::kNormal, "replaced by another connection", kOrdinary}},
    Row{kPeerLost, {CloseCode::kNormal, "peer lost by the cluster", kProblem}},
    Row{kTokenExpired, {CloseCode::kNormal, "app token expired", kOrdinary}},
    Row{kTooManyWaiting,
        {CloseCode::kTryAgainLater, "too many clients wait for a CONNECT", kProblem}},
    Row{kOverMemory, {CloseCode::kPolicyViolation, "over-memory", kProblem}},
    Row{kGoingAway, {CloseCode::kGoingAway, "server shutting down", kOrdinary}},
};

constexpr bool is_in_order() {
  for (std::size_t i = 0; i < kTable.size(); ++i) {
    if (static_cast<std::size_t>(kTable[i].reason) != i) return false;
  }
  return kTable.size() == static_cast<std::size_t>(kGoingAway) + 1;
}
static_assert(is_in_order(), "one row per CloseReason, in the order of the enumeration");

constexpr std::size_t kMaxReasonBytes = websocket::kMaxControlBytes - 2;
static_assert(std::ranges::all_of(kTable, [](const Row& row) {
  return row.text.text.size() <= kMaxReasonBytes;
}));

}  // namespace

const CloseText& text(CloseReason reason) { return kTable[static_cast<std::size_t>(reason)].text; }

}  // namespace heliograph::gateway
