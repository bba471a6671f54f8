#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <netinet/in.h>

#include "load/client_frame.hpp"

namespace heliograph::load {

class Client;
class EventLoop;

enum class Dialect : std::uint8_t {
  kSignaling,  // Socket.IO over WebSocket, as in docs/protocol.md
  kEcho,       // plain WebSocket: every message comes back
};

// Where the server under load listens: at one address, or one for each node, to which clients go in
// turn, the n-th to address n modulo their number.
struct Target {
  std::vector<sockaddr_in> addresses;
  Dialect dialect = Dialect::kSignaling;
  std::string app_token;  // of the signaling dialect
};

// What a scenario is told of its clients. `on_message` gets the texts that follow `on_ready`.
class ClientHandler {
 public:
  virtual ~ClientHandler() = default;
  virtual void on_ready(Client& client) = 0;
  virtual void on_message(Client& client, std::string_view text) = 0;
  virtual void on_closed(Client& client) = 0;
};

// One WebSocket client. In the signaling dialect it also opens Engine.IO, connects to the namespace
// and authenticates before it is ready, and answers heartbeats. The loop, the target and the
// handler outlive it. Throws LoadError where the server does anything else than what is asked for.
class Client {
 public:
  Client(EventLoop& loop, const Target& target, ClientHandler& handler, std::size_t index);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // Connects; may be called again once the handler was told `on_closed`.
  void start();
  // Queues one text message; it leaves before the loop waits again.
  void send(std::string_view text);
  // Says goodbye as a socket.io client does (DISCONNECT, then a close frame); `on_closed` follows
  // when the server has closed the connection.
  void close();
  void set_handler(ClientHandler& handler) { handler_ = &handler; }

  std::size_t index() const { return index_; }
  const std::string& peer_id() const { return peer_id_; }
  const std::string& session_token() const { return session_token_; }

  // For the loop.
  void handle(std::uint32_t events);
  void flush();

 private:
  enum class State : std::uint8_t {
    kClosed,
    kConnecting,
    kUpgrading,
    kOpening,           // Engine.IO's open packet is awaited
    kJoiningNamespace,  // Socket.IO's CONNECT is awaited
    kAuthenticating,    // auth-accept is awaited
    kReady,
    kClosing,
  };

  const sockaddr_in& node_address() const;
  void request_upgrade();
  void receive();
  void consume(std::string_view bytes);
  std::size_t consume_upgrade(std::string_view bytes);
  void consume_frame(const ServerFrame& frame);
  void consume_text(std::string_view text);
  void consume_handshake(std::string_view text);
  void closed();
  void queue(Opcode opcode, std::string_view payload);

  EventLoop& loop_;
  const Target& target_;
  ClientHandler* handler_;
  std::size_t index_;
  int descriptor_ = -1;
  State state_ = State::kClosed;
  bool flush_requested_ = false;
  bool waits_for_room_ = false;  // to send
  std::string unsent_;
  std::string unread_;  // the start of a frame whose end has not come
  std::string peer_id_;
  std::string session_token_;
};

}  // namespace heliograph::load
