#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "signaling/error.hpp"

namespace heliograph::signaling {

/// The name of the client event that a `request-error` tells its sender of; empty if its refusal is
/// told by an event of its own (see reject_event), or if no client has sent it. Points to a name
/// that lives as long as the program.
using RefusedAs = std::string_view;

/// Why an event is refused, and what was wrong with it. Views are valid until the call returns.
struct Refusal {
  Error error{};
  std::string_view field = {};    // the argument that is wrong
  std::string_view problem = {};  // with it: "must be a string"; part of the message
  std::string_view reason = {};   // more precisely than kUnauthorized
  std::optional<std::chrono::milliseconds> retry_after = {};
};

/// For people.
std::string message_of(const Refusal& refusal);

/// The other members of a `request-error`. Names are cut to 255 bytes, so a refusal stays small.
struct RefusedEvent {
  std::string_view event;
  std::string_view room = {};  // empty: not told
  std::string_view to = {};
  std::uint64_t count = 0;  // of the refusals that it stands for; 0: not told
};

/// `[{"ok":false,"error":{"code":…,"message":…,"reason"?:…,"field"?:…,"retry_after_ms"?:…}}]`, the
/// arguments of an acknowledgement.
std::string error_arguments(const Refusal& refusal);
std::string error_arguments(Error error);

/// Whether these are the arguments of an acknowledgement that refuses with `rate-limited`.
bool is_rate_limited(std::string_view arguments);

/// `["request-error",{"event":…,"code":…,"message":…,"reason"?:…,"field"?:…,"room"?:…,"to"?:…,
/// "retry_after_ms"?:…,"count"?:…}]`
std::string request_error(const Refusal& refusal, const RefusedEvent& refused);

}  // namespace heliograph::signaling
