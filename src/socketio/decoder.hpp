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

// The decoded messages of a client. Views point into the message just read and are valid as long as
// that is, or until the decoder's next call. Those of an event or ack with attachments point into
// memory that `attachments` keeps, and are valid only as long as that is held.

struct Connect {
  std::string_view nsp;
  std::string_view auth;  // a JSON object, outlined in the scratch, or empty
};

struct Disconnect {
  std::string_view nsp;
};

struct Event {
  std::string_view nsp;
  std::optional<std::uint64_t> id;                 // to be acknowledged if present
  const json::Outline& arguments;                  // the scratch; its first element is a string
  std::string_view text;                           // the whole array, as it came
  std::shared_ptr<const Attachments> attachments;  // null if there are none
};

struct Ack {
  std::string_view nsp;
  std::uint64_t id;
  std::string_view text;  // the whole array, as it came
  std::shared_ptr<const Attachments> attachments;
};

// An event or ack that breaks a limit but not the protocol: answer it if it has an id (an ack never
// has one here), and otherwise drop it. Attachments still to come are swallowed. `event` is the
// event's name if it comes first and has no escape, else empty.
struct TooDeep {
  std::string_view nsp;
  std::optional<std::uint64_t> id;
  std::string_view event = {};
};

struct TooLarge {
  std::string_view nsp;
  std::optional<std::uint64_t> id;
  std::string_view event = {};
};

// An event that the caller did not want to have read: see Decoder::skip.
struct Skipped {
  std::string_view nsp;
  std::optional<std::uint64_t> id;
  std::string_view event = {};
};

struct Partial {};  // nothing to do: attachments are to follow, or one was swallowed

struct Malformed {  // a breach of the protocol: close the connection
  const char* reason;
};

using Received =
    std::variant<Connect, Disconnect, Event, Ack, TooDeep, TooLarge, Skipped, Partial, Malformed>;

struct DecoderLimits {
  unsigned max_json_depth = 32;         // of the payload, the array itself counting as one
  std::size_t max_event_bytes = 65536;  // of a packet's text and its attachments together
  // Another limit for events of this name, if the name comes first and has no escape.
  std::string_view large_event = {};
  std::size_t max_large_event_bytes = 0;
  std::uint32_t max_attachments = 16;  // more are Malformed
};

// Turns the Engine.IO messages of one client into whole packets, and holds those that wait for
// their attachments. A plain event is read in one pass, without a copy or an allocation. `scratch`
// may be shared by all decoders of a thread; `limits` must be the same at every call. After
// Malformed a decoder must not be used again.
class Decoder {
 public:
  Received text(std::string_view message, json::Outline& scratch, const DecoderLimits& limits);
  // As text(), but the JSON of an event is not read: it is Skipped, and an ack Partial.
  Received skip(std::string_view message, json::Outline& scratch, const DecoderLimits& limits);
  Received binary(std::string_view bytes, json::Outline& scratch, const DecoderLimits& limits);

  // Whether attachments are to come, and what is held of the packet that waits for them, in bytes.
  bool awaits_attachments() const { return pending_ && pending_->outstanding > 0; }
  std::size_t held_bytes() const { return pending_ ? pending_->bytes : 0; }

 private:
  struct Pending {
    std::string message;  // the text packet, to be read again when it is whole
    Attachments attachments;
    std::size_t bytes = 0;          // of both
    std::uint32_t outstanding = 0;  // attachments still to come
    bool swallowing = false;        // they are not wanted any more
  };

  void await_attachments(std::string_view message, std::uint32_t count, Received& received);
  static Received read_again(const Pending& pending, std::shared_ptr<const Attachments> attachments,
                             json::Outline& scratch, const DecoderLimits& limits);

  std::unique_ptr<Pending> pending_;
};

}  // namespace heliograph::socketio
