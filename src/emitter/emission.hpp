#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <variant>

#include "signaling/emission.hpp"
#include "socketio/decoder.hpp"

namespace heliograph::emitter {

/// How many times as large as its event a message of an emitter may be: rooms stand in it as well.
inline constexpr std::size_t kMessageToEvent = 10;

/// Why a message of an emitter is not taken.
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
