#include "websocket/parser.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "base/text.hpp"
#include "base/utf8.hpp"

namespace heliograph::websocket {
namespace {

std::string_view view(std::span<const char> bytes) { return {bytes.data(), bytes.size()}; }

std::span<char> take_front(std::span<char>& input, std::size_t count) {
  const std::span<char> front = input.first(count);
  input = input.subspan(count);
  return front;
}

// Whether a peer may send this code (RFC 6455 §7.4 and the IANA registry).
bool is_sendable(std::uint16_t code) {
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) ||
         (code >= 3000 && code <= 4999);
}

Event close_event(std::string_view payload) {
  if (payload.empty()) return Close{CloseCode::kNoStatus, {}};
  if (payload.size() == 1) return Violation{CloseCode::kProtocolError};
  const auto high = static_cast<unsigned char>(payload[0]);
  const auto low = static_cast<unsigned char>(payload[1]);
  const auto code = static_cast<std::uint16_t>(high << 8 | low);
  if (!is_sendable(code)) return Violation{CloseCode::kProtocolError};
  const std::string_view reason = payload.substr(2);
  if (!base::is_valid_utf8(reason)) return Violation{CloseCode::kInvalidPayload};
  return Close{static_cast<CloseCode>(code), reason};
}

// The event of a complete payload, of a whole message or of a control frame. `is_utf8`: that is
// known of a text.
Event event_of(Opcode opcode, std::string_view payload, bool is_utf8) {
  switch (opcode) {
    case Opcode::kText:
      if (!is_utf8 && !base::is_valid_utf8(payload)) {
        return Violation{CloseCode::kInvalidPayload};
      }
      return Message{.binary = false, .data = payload};
    case Opcode::kBinary:
      return Message{.binary = true, .data = payload};
    case Opcode::kPing:
      return Ping{payload};
    case Opcode::kPong:
      return Pong{};
    case Opcode::kClose:
      return close_event(payload);
    case Opcode::kContinuation:
      break;  // belongs to a message, whose opcode is another
  }
  return Violation{CloseCode::kProtocolError};
}

}  // namespace

// What has come of a frame or message that is not complete. One at a time: bytes of a header, or a
// frame's payload, or neither (between two fragments).
struct Parser::Partial {
  std::array<char, kMaxClientHeaderBytes> header_bytes;
  std::uint8_t header_size = 0;

  std::optional<FrameHeader> frame;  // whose payload is coming, and how much of it is missing
  std::optional<Opcode> message;     // of the first fragment, while the message is not complete
  std::size_t fragments_size = 0;    // how many of `payload` belong to whole fragments
  base::Utf8Check text;              // of what has come, if it is a text
  std::string payload;               // the fragments, then what has come of the frame

  // Whether what comes of the frame is part of a text.
  bool is_text() const {
    return frame->opcode == Opcode::kText ||
           (frame->opcode == Opcode::kContinuation && message == Opcode::kText);
  }
};

Parser::Parser(std::size_t max_message_bytes) { set_max_message_bytes(max_message_bytes); }
Parser::~Parser() = default;
Parser::Parser(Parser&&) noexcept = default;
Parser& Parser::operator=(Parser&&) noexcept = default;

Event Parser::next(std::span<char>& input) {
  forget_delivered();
  Event event;
  while (!closed_ && !input.empty() && std::holds_alternative<Incomplete>(event)) {
    event = step(input);
    closed_ = std::holds_alternative<Violation>(event) || std::holds_alternative<Close>(event);
  }
  if (closed_) input = input.last(0);
  return event;
}

bool Parser::holds_partial() const {
  return partial_ && !closed_ &&
         (partial_->header_size != 0 || partial_->frame || partial_->message);
}

std::size_t Parser::partial_bytes() const {
  return holds_partial() ? partial_->header_size + partial_->payload.size() : 0;
}

std::size_t Parser::held_bytes() const {
  return partial_ ? sizeof(Partial) + base::heap_bytes(partial_->payload) : 0;
}

void Parser::forget() {
  partial_.reset();
  closed_ = true;
}

void Parser::set_max_message_bytes(std::size_t bytes) {
  constexpr std::size_t kMost = std::numeric_limits<std::uint32_t>::max();
  max_message_bytes_ = static_cast<std::uint32_t>(std::min(bytes, kMost));
}

void Parser::forget_delivered() {
  if (!partial_) return;
  if (!holds_partial()) return partial_.reset();
  if (!partial_->frame) partial_->payload.resize(partial_->fragments_size);
}

// Goes on by a frame, or by as much of it as there is.
Event Parser::step(std::span<char>& input) {
  if (partial_ && partial_->frame) return continue_payload(input);
  const HeaderResult header = take_header(input);
  if (std::holds_alternative<HeaderIncomplete>(header)) return Incomplete{};
  if (std::holds_alternative<HeaderInvalid>(header)) return Violation{CloseCode::kProtocolError};
  return begin_payload(std::get<FrameHeader>(header), input);
}

HeaderResult Parser::take_header(std::span<char>& input) {
  if (!partial_ || partial_->header_size == 0) {
    const HeaderResult result = read_header(input);
    if (const auto* header = std::get_if<FrameHeader>(&result)) {
      take_front(input, header->header_bytes);
    }
    if (!std::holds_alternative<HeaderIncomplete>(result)) return result;
  }
  return take_split_header(input);
}

// A header that does not come in one piece is put together in partial_.
HeaderResult Parser::take_split_header(std::span<char>& input) {
  if (!partial_) partial_ = std::make_unique<Partial>();
  const std::size_t held = partial_->header_size;
  const std::size_t added = std::min(input.size(), kMaxClientHeaderBytes - held);
  std::ranges::copy(input.first(added), partial_->header_bytes.begin() + held);
  const HeaderResult result = read_header(std::span(partial_->header_bytes).first(held + added));
  if (const auto* header = std::get_if<FrameHeader>(&result)) {
    take_front(input, header->header_bytes - held);
    partial_->header_size = 0;
  } else {
    take_front(input, added);
    partial_->header_size = static_cast<std::uint8_t>(held + added);
  }
  return result;
}

// A frame that is whole and alone is delivered from where it lies, any other by way of partial_.
Event Parser::begin_payload(const FrameHeader& header, std::span<char>& input) {
  const bool in_message = partial_ && partial_->message;
  if (!is_control(header.opcode)) {
    const bool continues = header.opcode == Opcode::kContinuation;
    if (continues != in_message) return Violation{CloseCode::kProtocolError};
    const std::size_t held = in_message ? partial_->fragments_size : 0;
    if (header.payload_bytes > std::size_t{max_message_bytes_} - held)
      return Violation{CloseCode::kTooBig};
  }
  const bool alone = is_control(header.opcode) || (header.final && !in_message);
  if (alone && header.payload_bytes <= input.size()) {
    const std::span<char> payload = take_front(input, header.payload_bytes);
    const bool is_ascii = apply_mask(payload, header.mask);
    return event_of(header.opcode, view(payload), is_ascii);
  }
  if (!partial_) partial_ = std::make_unique<Partial>();
  partial_->frame = header;
  return continue_payload(input);
}

Event Parser::continue_payload(std::span<char>& input) {
  FrameHeader& frame = *partial_->frame;
  const std::span<char> piece = take_front(input, std::min(input.size(), frame.payload_bytes));
  const bool is_ascii = apply_mask(piece, frame.mask);
  base::Utf8Check& text = partial_->text;
  const bool is_checked = !partial_->is_text() || (is_ascii && text.is_whole());
  if (!is_checked && !text.add(view(piece))) return Violation{CloseCode::kInvalidPayload};
  partial_->payload.append(view(piece));
  frame.payload_bytes -= piece.size();
  frame.mask = advanced(frame.mask, piece.size());
  return frame.payload_bytes == 0 ? end_payload() : Incomplete{};
}

Event Parser::end_payload() {
  const FrameHeader frame = *std::exchange(partial_->frame, std::nullopt);
  const std::string_view payload = partial_->payload;
  if (is_control(frame.opcode)) {
    return event_of(frame.opcode, payload.substr(partial_->fragments_size), false);
  }
  partial_->fragments_size = payload.size();
  if (!partial_->message) partial_->message = frame.opcode;
  if (!frame.final) return Incomplete{};
  if (!partial_->text.is_whole()) return Violation{CloseCode::kInvalidPayload};
  return event_of(*std::exchange(partial_->message, std::nullopt), payload, true);
}

}  // namespace heliograph::websocket
