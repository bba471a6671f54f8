#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/assembly.hpp"
#include "http_api/errors.hpp"
#include "http_api/message.hpp"
#include "net/connection.hpp"
#include "net/http_request.hpp"
#include "net/http_request_reader.hpp"
#include "net/protocol.hpp"
#include "net/proxies.hpp"

namespace heliograph::net {

class LoopTurn;
struct Handover;
class Routes;
class Session;

/// HTTP/1.1 with keep-alive and pipelining: one request at a time, the next one when the response
/// to the last has gone out. Slow, oversized and malformed requests are answered and cut off.
class HttpProtocol final : public Protocol {
 public:
  /// `sender`: a client or a proxy.
  HttpProtocol(LoopTurn& turn, Connection& connection, Routes& routes, const Sender& sender);
  ~HttpProtocol() override;
  HttpProtocol(const HttpProtocol&) = delete;
  HttpProtocol& operator=(const HttpProtocol&) = delete;

  /// Goes on with what another worker has read.
  void resume(Handover handover);
  /// Gives away what has been read, and the socket; nothing more may be done here.
  Handover hand_over();

  /// Answers the request being handled.
  void respond(http_api::Response response);
  /// The same, and closes the connection.
  void respond_and_close(http_api::Response response);

  /// The client's address has as many connections as it may.
  void refuse_address();
  /// Whom the connection comes from, a client or a proxy.
  const Sender& sender() const { return sender_; }
  /// Who sent the request whose head came last.
  const ClientAddress& client() const { return client_; }

  /// The request is a poll of `session` that waits, or a post to it that is not complete or has
  /// closed it: the session is told if the connection ends before release(), answer_poll() or
  /// answer_post() was called.
  void belong_to(Session& session);
  void release() { session_ = nullptr; }
  void answer_poll(std::string payload);
  void answer_post();

  Connection& connection() { return connection_; }
  /// The bytes that came after the request being handled.
  std::string take_rest() { return std::move(pending_); }

  void receive(std::span<char> bytes) override;
  void closing() override;
  void closed() override;
  void drained() override;
  void stop() override;
  void drop(Shortage shortage) override;
  std::size_t held_bytes() const override;
  void time_over() override;

 private:
  enum class State : std::uint8_t { kReading, kHandling, kSending, kClosing };

  void read_next();
  void refuse(const http_api::Error& error);
  void take(HttpRequest request);
  void announce();
  void handle();
  void identify(const HttpRequest& head);
  void send(http_api::Response response, bool keep_alive);
  void send_piece();
  void go_on();
  void end_response();
  void expect_request();
  void watch_body();
  void recount();

  LoopTurn& turn_;
  Connection& connection_;
  Routes& routes_;
  Sender sender_;
  ClientAddress client_;
  Session* session_ = nullptr;  // see belong_to()
  std::string pending_;         // received, not read yet
  std::unique_ptr<HttpRequestReader> reader_;
  bool is_announced_ = false;                 // the head of the request that is being read
  std::unique_ptr<base::Assembly> assembly_;  // of its body, if that may take its time
  HttpRequest request_;                       // the one being handled
  http_api::Body body_;                       // of a large response that is being sent
  std::size_t body_sent_ = 0;
  std::size_t counted_ = 0;  // what held_bytes() was; see Connection::hold()
  bool is_last_ = false;     // the connection ends with the response
  State state_ = State::kReading;
};

}  // namespace heliograph::net
