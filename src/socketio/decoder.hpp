#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/json.hpp"
#include "socketio/packet.hpp"

namespace heliograph::socketio {

using Attachments = std::vector<std::string>;

// What a client's messages turn out to be. Views are valid until the decoder's next call, in an
// event or ack with attachments only as long as these are held; `arguments` is the caller's
// scratch.

struct Connect {
  std::string_view nsp;
  std::string_view auth;  // a JSON object, or empty
};

struct Disconnect {
  std::string_view nsp;
};

struct Event {
  std::string_view nsp;
  std::optional<std::uint64_t> id;                 // to be acknowledged where present
  const json::Outline& arguments;                  // elements()[0] is the event's name, a string
  std::string_view text;                           // the whole array, as it came
  std::shared_ptr<const Attachments> attachments;  // null where there are none
};

struct Ack {
  std::string_view nsp;
  std::uint64_t id;
  std::string_view text;  // the whole array, as it came
  std::shared_ptr<const Attachments> attachments;
};

// An event or ack that breaks a limit but not the protocol: to be answered where it has an id (an
// ack never has one here), and otherwise dropped. Attachments still to come are swallowed.
struct TooDeep {
  std::string_view nsp;
  std::optional<std::uint64_t> id;
};

struct TooLarge {
  std::string_view nsp;
  std::optional<std::uint64_t> id;
};

struct Partial {};  // nothing to do: attachments are to follow, or one was swallowed

struct Malformed {  // a breach of the protocol: the connection is to be closed
  const char* reason;
};

using Received =
    std::variant<Connect, Disconnect, Event, Ack, TooDeep, TooLarge, Partial, Malformed>;

struct DecoderLimits {
  unsigned max_json_depth = 32;         // of the payload, the array itself counting as one
  std::size_t max_event_bytes = 65536;  // of a packet's text and its attachments together
  std::uint32_t max_attachments = 16;   // more are Malformed
};

// Turns the Engine.IO messages of one client into whole packets, and holds those that wait for
// their attachments. A plain event is read in one pass, without a copy or an allocation. `scratch`
// may be shared by all decoders of a thread. After Malformed the decoder must not be used again.
class Decoder {
 public:
  Received text(std::string_view message, json::Outline& scratch, const DecoderLimits& limits);
  Received binary(std::string_view bytes, json::Outline& scratch, const DecoderLimits& limits);

 private:
  struct Pending {
    std::string message;  // the text packet, to be read again when it is whole
    Attachments attachments;
    std::size_t bytes;          // of both
    std::uint32_t outstanding;  // attachments still to come
    bool swallowing;            // they are not wanted any more
  };

  Received await_attachments(Received received, std::string_view message, const Packet& packet);
  Received give_up();
  Received complete(json::Outline& scratch, const DecoderLimits& limits);

  std::unique_ptr<Pending> pending_;
};

}  // namespace heliograph::socketio
