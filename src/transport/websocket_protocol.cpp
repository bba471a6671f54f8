#include "transport/websocket_protocol.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

#include "reactor/connection.hpp"

namespace heliograph::transport {
namespace {

// In bytes: to copy less, right after it was written, costs less than to account for a loan.
constexpr std::size_t kLendFrom = 1024;

gateway::CloseReason reason_of(const websocket::Violation& violation) {
  switch (violation.code) {
    case websocket::CloseCode::kInvalidPayload:
      return gateway::CloseReason::kInvalidUtf8;
    case websocket::CloseCode::kTooBig:
      return gateway::CloseReason::kMessageTooLarge;
    default:
      return gateway::CloseReason::kInvalidFrame;
  }
}

}  // namespace

WebSocketProtocol::WebSocketProtocol(reactor::Connection& connection, WebSocketHandler& handler,
                                     const WebSocketLimits& limits)
    : connection_(connection),
      handler_(&handler),
      parser_(std::min(limits.max_message_bytes, kMostBeforeConnect)),
      limits_(limits) {}

void WebSocketProtocol::admit() {
  is_admitted_ = true;
  connection_.admit();
  parser_.set_max_message_bytes(limits_.max_message_bytes);
}

void WebSocketProtocol::send(websocket::Opcode opcode, std::string_view first,
                             std::span<const std::string_view> rest) {
  if (!handler_) return;
  std::size_t bytes = first.size();
  for (const std::string_view part : rest) bytes += part.size();
  if (!make_room(bytes + websocket::kMaxHeaderBytes)) return;

  std::string& out = connection_.output();
  std::array<char, websocket::kMaxHeaderBytes> header;
  out.append(header.data(), websocket::write_header(header.data(), opcode, bytes));
  out += first;
  for (const std::string_view part : rest) out += part;
}

void WebSocketProtocol::send_frame(std::string_view frame, const base::BlockRef& memory) {
  if (!handler_ || !make_room(frame.size())) return;
  if (frame.size() < kLendFrom) {
    connection_.output() += frame;
  } else {
    connection_.lend(frame, memory);
  }
}

// A client that does not read is told so behind what it has not read yet.
bool WebSocketProtocol::make_room(std::size_t bytes) {
  if (connection_.make_room(bytes)) return true;
  fail(gateway::CloseReason::kTooMuchUnsent);
  return false;
}

void WebSocketProtocol::close(gateway::CloseReason reason) {
  if (!handler_) return;
  handler_ = nullptr;
  const gateway::CloseText& text = gateway::text(reason);
  websocket::append_close(connection_.output(), text.code, text.text);
  const bool is_over_memory = reason == gateway::CloseReason::kOverMemory;
  connection_.close_after_sending(is_over_memory ? reactor::Connection::Parting::kIfItReads
                                                 : reactor::Connection::Parting::kLinger);
}

void WebSocketProtocol::on_bytes(std::span<char> bytes) {
  while (handler_ && on_event(parser_.next(bytes))) {
  }
  if (handler_ && (unfinished_ || parser_.holds_partial())) watch_partial();
}

void WebSocketProtocol::pause() {
  connection_.pause();
  connection_.set_deadline(base::TimePoint::max());
}

void WebSocketProtocol::resume() {
  connection_.resume();
  if (!unfinished_) return;
  unfinished_->assembly.resume(connection_.now());
  connection_.set_deadline(unfinished_->assembly.deadline());
}

void WebSocketProtocol::watch_partial() {
  if (!parser_.holds_partial()) {
    forget_unfinished();
    return connection_.set_deadline(base::TimePoint::max());
  }
  const base::TimePoint now = connection_.now();
  if (!unfinished_) {
    unfinished_ = std::make_unique<Unfinished>(
        Unfinished{.assembly = base::Assembly(limits_.message_patience, now)});
  }
  const std::size_t held = parser_.held_bytes();
  connection_.hold(std::exchange(unfinished_->counted, held), held);
  if (is_admitted_) unfinished_->assembly.has(parser_.partial_bytes(), now);
  if (!connection_.is_paused()) connection_.set_deadline(unfinished_->assembly.deadline());
}

void WebSocketProtocol::forget_unfinished() {
  if (!unfinished_) return;
  connection_.hold(unfinished_->counted, 0);
  unfinished_.reset();
}

void WebSocketProtocol::drop(reactor::Shortage shortage) {
  fail(shortage == reactor::Shortage::kMemory ? gateway::CloseReason::kOverMemory
                                              : gateway::CloseReason::kTooManyWaiting);
}

// False if there is nothing more to be read.
bool WebSocketProtocol::on_event(const websocket::Event& event) {
  if (const auto* message = std::get_if<websocket::Message>(&event)) {
    if (unfinished_) {
      forget_unfinished();  // another message has time of its own
      connection_.set_deadline(base::TimePoint::max());
    }
    handler_->on_message(*this, {message->binary, message->data});
    return true;
  }
  if (const auto* ping = std::get_if<websocket::Ping>(&event)) {
    handler_->pinged(*this);
    send(websocket::Opcode::kPong, ping->data);
    return true;
  }
  if (std::holds_alternative<websocket::Pong>(event)) {
    handler_->pinged(*this);
    return true;
  }
  if (const auto* close = std::get_if<websocket::Close>(&event)) {
    answer_close(close->code);
  } else if (const auto* violation = std::get_if<websocket::Violation>(&event)) {
    fail(reason_of(*violation));
  }
  return false;
}

// RFC 6455 §5.5.1
void WebSocketProtocol::answer_close(websocket::CloseCode said) {
  WebSocketHandler* const handler = std::exchange(handler_, nullptr);
  websocket::append_close(connection_.output(), said);
  connection_.close_after_sending(reactor::Connection::Parting::kAtOnce);
  const bool has_left =
      said == websocket::CloseCode::kGoingAway || said == websocket::CloseCode::kNormal;
  handler->lost(*this,
                has_left ? gateway::CloseReason::kPageLeft : gateway::CloseReason::kClosedByClient);
}

void WebSocketProtocol::fail(gateway::CloseReason reason) {
  WebSocketHandler* const handler = handler_;
  if (!handler) return;
  close(reason);
  handler->lost(*this, reason);
}

void WebSocketProtocol::closing() {
  parser_.forget();
  forget_unfinished();
}

void WebSocketProtocol::closed() {
  if (WebSocketHandler* const handler = std::exchange(handler_, nullptr)) {
    handler->lost(*this, gateway::CloseReason::kTransportLost);
  }
}

}  // namespace heliograph::transport
