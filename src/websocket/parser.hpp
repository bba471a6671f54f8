#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <variant>

#include "websocket/frame.hpp"
#include "websocket/frame_header.hpp"

namespace heliograph::websocket {

struct Incomplete {};  // all input is used up; come again with more

struct Message {
  bool binary;
  std::string_view data;  // unless binary, valid UTF-8
};

struct Ping {
  std::string_view data;  // to be sent back in a pong (RFC 6455 §5.5.2)
};

struct Pong {};

struct Close {
  CloseCode code;  // kNoStatus if the frame held none
  std::string_view reason;
};

// The peer broke the protocol: fail the connection with this code (§7.1.7).
struct Violation {
  CloseCode code;
};

using Event = std::variant<Incomplete, Message, Ping, Pong, Close, Violation>;

// Turns the bytes that a client sends after the handshake into events (RFC 6455 §5 and §6.2, no
// extensions). An idle parser owns no memory; while a frame or a message is partial it holds the
// bytes that have come, never more on the word of a length field. A text that comes in pieces fails
// at the first byte that cannot be UTF-8 (§8.1).
class Parser {
 public:
  explicit Parser(std::size_t max_message_bytes);
  ~Parser();
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;
  Parser(Parser&&) noexcept;
  Parser& operator=(Parser&&) noexcept;

  // Takes one event from the front of `input` and consumes what it used; call until it returns
  // Incomplete. Payloads are unmasked in place, and views in the event, which may point into
  // `input`, are valid until the next call. After Violation or Close all further input is dropped.
  Event next(std::span<char>& input);

  // A message or a frame has begun and is not complete.
  bool holds_partial() const;
  // The bytes of it that have arrived.
  std::size_t partial_bytes() const;
  // The memory that it takes, in bytes.
  std::size_t held_bytes() const;
  // Lets go of it; to be called when there is nothing more to parse.
  void forget();

  // For the frames that begin from now on.
  void set_max_message_bytes(std::size_t bytes);

 private:
  struct Partial;

  void forget_delivered();
  Event step(std::span<char>& input);
  HeaderResult take_header(std::span<char>& input);
  HeaderResult take_split_header(std::span<char>& input);
  Event begin_payload(const FrameHeader& header, std::span<char>& input);
  Event continue_payload(std::span<char>& input);
  Event end_payload();

  std::unique_ptr<Partial> partial_;
  std::uint32_t max_message_bytes_;
  bool closed_ = false;
};

}  // namespace heliograph::websocket
