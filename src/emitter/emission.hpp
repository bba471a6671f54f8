#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <variant>

#include "signaling/emission.hpp"
#include "socketio/decoder.hpp"

namespace heliograph::emitter {

/// How many times larger than an event an emitter's message may be, because it also lists rooms.
inline constexpr std::size_t kMessageToEvent = 10;

/// Why an emitter's message is refused.
enum class NotTaken : std::uint8_t {
  kOtherNamespace,  // than the main one
  kOtherPacket,     // than an event
  kMalformed,
  kTooDeep,
  kTooLarge,
};

std::string_view text(NotTaken reason);

/// Reads a message of @socket.io/redis-emitter, the MessagePack of an array of three: the
/// publisher, the packet `{"type":2,"data":["name",…],"nsp":"/"}`, and the receivers,
/// `{"rooms":[…],"except":[…]}`. The event has to keep the limits of a client's event.
std::variant<signaling::Emission, NotTaken> read_emission(std::string_view message,
                                                          const socketio::DecoderLimits& limits);

}  // namespace heliograph::emitter
