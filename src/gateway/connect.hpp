#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "signaling/error.hpp"
#include "signaling/peer_id.hpp"

// The payload of a client's CONNECT, and the packets that answer it.
namespace heliograph::gateway {

/// A string of the payload; empty if it holds none of this name.
std::string connect_field(const json::Outline& payload, std::string_view name);
/// Whether the client asks for connection state recovery: see recovery.hpp.
bool asks_for_recovery(const json::Outline& payload);

/// The CONNECT that tells a client its peer, and its `pid` unless that is empty.
std::string connect_answer(const signaling::PeerId& peer, std::string_view pid);
/// With the code as `data`, because the Go client hides errors that have none.
std::string connect_error(std::string_view nsp, const signaling::ErrorText& error,
                          std::optional<std::chrono::milliseconds> retry_after = {});

}  // namespace heliograph::gateway
