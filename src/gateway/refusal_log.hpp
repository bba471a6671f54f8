#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "base/log.hpp"
#include "gateway/application.hpp"
#include "signaling/error.hpp"
#include "signaling/peer_id.hpp"

namespace heliograph::gateway {

inline constexpr std::string_view kConnectForLog = "CONNECT";

/// An event that was refused, for the operator, or a CONNECT.
struct LoggedRefusal {
  signaling::Error error;
  std::string_view event;      // as the client wrote it, or kConnectForLog
  std::string_view room = {};  // as the client wrote it
  const std::optional<signaling::PeerId>& peer;
  const Channel* channel = nullptr;  // of the client; null if it has no connection
};

/// One line at debug: event, code, peer, room, address. An event that the protocol does not know is
/// not named, because it may hold anything. A `log` that is null takes nothing.
void log_refusal(base::Log* log, const LoggedRefusal& refusal);

/// The same for a refusal that comes as text, from a room's home or another worker: the arguments
/// of an acknowledgement or a request-error. Takes nothing from one that is no refusal.
void log_refusal(base::Log* log, std::string_view told, const signaling::PeerId& peer,
                 const Channel* channel);

/// One line at warn: `count` join requests of which `peer` had yet to be told were dropped. Writes
/// nothing if `count` is 0 or `log` is null.
void log_dropped_requests(base::Log* log, const signaling::PeerId& peer, std::size_t count);

}  // namespace heliograph::gateway
