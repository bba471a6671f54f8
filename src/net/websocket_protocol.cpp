#include "net/websocket_protocol.hpp"

#include <array>
#include <utility>
#include <variant>

#include "net/connection.hpp"

namespace heliograph::net {
namespace {

// In bytes: to copy less, right after it was written, costs less than to account for a loan.
constexpr std::size_t kLendFrom = 1024;

}  // namespace

WebSocketProtocol::WebSocketProtocol(Connection& connection, WebSocketHandler& handler,
                                     const WebSocketLimits& limits)
    : connection_(connection),
      handler_(&handler),
      parser_(limits.max_message_bytes),
      max_unsent_(limits.max_unsent_bytes) {}

void WebSocketProtocol::send(websocket::Opcode opcode, std::string_view first, Parts parts) {
  if (!handler_) return;
  std::size_t bytes = first.size();
  for (const std::string_view part : parts) bytes += part.size();
  if (!connection_.make_room(bytes + websocket::kMaxHeaderBytes, max_unsent_)) return;

  std::string& out = connection_.output();
  std::array<char, websocket::kMaxHeaderBytes> header;
  out.append(header.data(), websocket::write_header(header.data(), opcode, bytes));
  out += first;
  for (const std::string_view part : parts) out += part;
}

void WebSocketProtocol::send_frame(std::string_view frame, const gateway::BlockRef& memory) {
  if (!handler_ || !connection_.make_room(frame.size(), max_unsent_)) return;
  if (frame.size() < kLendFrom) {
    connection_.output() += frame;
  } else {
    connection_.lend(frame, memory);
  }
}

void WebSocketProtocol::close(websocket::CloseCode code, Connection::Parting parting) {
  if (!handler_) return;
  handler_ = nullptr;
  websocket::append_close(connection_.output(), code);
  connection_.close_after_sending(parting);
}

void WebSocketProtocol::receive(std::span<char> bytes) {
  while (handler_ && handle(parser_.next(bytes))) {
  }
}

// False where there is nothing more to be read.
bool WebSocketProtocol::handle(const websocket::Event& event) {
  if (const auto* message = std::get_if<websocket::Message>(&event)) {
    handler_->received(*this, {message->binary, message->data});
    return true;
  }
  if (const auto* ping = std::get_if<websocket::Ping>(&event)) {
    send(websocket::Opcode::kPong, ping->data);
    return true;
  }
  if (std::holds_alternative<websocket::Pong>(event)) return true;
  if (const auto* close = std::get_if<websocket::Close>(&event)) {
    end_by_itself(close->code, Connection::Parting::kAtOnce, close->code);
  } else if (const auto* violation = std::get_if<websocket::Violation>(&event)) {
    end_by_itself(violation->code, Connection::Parting::kLinger, std::nullopt);
  }
  return false;
}

void WebSocketProtocol::end_by_itself(websocket::CloseCode answer, Connection::Parting parting,
                                      std::optional<websocket::CloseCode> said) {
  WebSocketHandler* const handler = handler_;
  close(answer, parting);
  handler->lost(*this, said);
}

void WebSocketProtocol::closed() {
  if (WebSocketHandler* const handler = std::exchange(handler_, nullptr)) {
    handler->lost(*this, std::nullopt);
  }
}

}  // namespace heliograph::net
