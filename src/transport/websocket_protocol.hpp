#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

#include "base/assembly.hpp"
#include "gateway/application.hpp"
#include "reactor/connection.hpp"
#include "reactor/protocol.hpp"
#include "websocket/frame.hpp"
#include "websocket/parser.hpp"

namespace heliograph::transport {

class WebSocketProtocol;

/// Receives messages from WebSockets.
class WebSocketHandler {
 public:
  virtual ~WebSocketHandler() = default;
  /// The message's bytes are gone when the call returns.
  virtual void on_message(WebSocketProtocol& from, const gateway::Message& message) = 0;
  /// A ping or a pong has come, which asks for nothing; before a ping is answered.
  virtual void pinged(WebSocketProtocol& /*from*/) {}
  /// The WebSocket has ended by itself and is about to be destroyed. Called once; not after
  /// close(). send() and send_frame() may call it.
  virtual void lost(WebSocketProtocol& websocket, gateway::CloseReason reason) = 0;
};

/// Bytes of a message from a client that has not been admitted yet. A CONNECT is a few hundred.
inline constexpr std::size_t kMostBeforeConnect = 8 * 1024;

struct WebSocketLimits {
  std::size_t max_message_bytes;
  base::Duration message_patience;  // see base::Assembly
};

/// RFC 6455 on a connection, after its handshake.
class WebSocketProtocol final : public reactor::Protocol {
 public:
  /// `limits` must outlive it.
  WebSocketProtocol(reactor::Connection& connection, WebSocketHandler& handler,
                    const WebSocketLimits& limits);
  ~WebSocketProtocol() override { forget_unfinished(); }
  WebSocketProtocol(const WebSocketProtocol&) = delete;
  WebSocketProtocol& operator=(const WebSocketProtocol&) = delete;

  /// From now on messages may have any size that the limits allow, and take their time. Before,
  /// they are limited to kMostBeforeConnect and to the patience.
  void admit();

  /// Sends a message of `first` and the rest. Does nothing once the closing has begun.
  void send(websocket::Opcode opcode, std::string_view first,
            std::span<const std::string_view> rest = {});
  /// Sends a frame; a long one is sent from its own memory: see Connection::lend().
  void send_frame(std::string_view frame, const base::BlockRef& memory);
  /// Sends a close frame with the reason's code and text and ends the connection; the handler is
  /// not called any more.
  void close(gateway::CloseReason reason);

  /// Reads nothing more until resume(); what has been read is still passed on.
  void pause();
  void resume();

  std::size_t unsent() const { return connection_.unsent(); }
  /// The bytes held for the client.
  std::size_t held_for_client() const { return connection_.held_bytes(); }

  void on_bytes(std::span<char> bytes) override;
  void closing() override;
  void closed() override;
  void stop() override { close(gateway::CloseReason::kGoingAway); }
  void drop(reactor::Shortage shortage) override;
  std::size_t held_bytes() const override { return parser_.held_bytes(); }
  void time_over() override { fail(gateway::CloseReason::kMessageTooSlow); }

 private:
  bool on_event(const websocket::Event& event);
  bool make_room(std::size_t bytes);
  void answer_close(websocket::CloseCode said);
  void fail(gateway::CloseReason reason);
  void watch_partial();
  void forget_unfinished();

  reactor::Connection& connection_;
  WebSocketHandler* handler_;  // null once the closing has begun
  // The flag takes the place that this leaves.
  [[no_unique_address]] websocket::Parser parser_;
  bool is_admitted_ = false;
  const WebSocketLimits& limits_;
  // A message that is not complete.
  struct Unfinished {
    base::Assembly assembly;
    std::size_t counted = 0;  // bytes of it; see Connection::hold()
  };
  std::unique_ptr<Unfinished> unfinished_;
};

}  // namespace heliograph::transport
