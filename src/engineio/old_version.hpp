#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace heliograph::engineio {

// Clients of Socket.IO 1 and 2 speak Engine.IO 3. They show their user no HTTP status or body and
// no close frame, but they do show a Socket.IO error. So such a client gets a session with only
// this error, a disconnect, so that it does not try again, and a close.

/// The query parameter EIO of such a client.
inline constexpr std::string_view kOldVersion = "3";

/// The packets, each a WebSocket message.
std::vector<std::string> old_version_packets();

/// The same as the body of a poll, in Engine.IO 3's encoding.
std::string old_version_payload();

}  // namespace heliograph::engineio
