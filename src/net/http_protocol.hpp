#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/assembly.hpp"
#include "base/log.hpp"
#include "http_api/errors.hpp"
#include "http_api/message.hpp"
#include "net/connection.hpp"
#include "net/exchange.hpp"
#include "net/http_request.hpp"
#include "net/http_request_reader.hpp"
#include "net/http_response.hpp"
#include "net/loop_turn.hpp"
#include "net/protocol.hpp"
#include "net/proxies.hpp"
#include "net/settings.hpp"

namespace heliograph::net {

/// What the HTTP connections of a worker share.
struct HttpContext {
  LoopTurn& turn;
  const Settings& settings;
  base::Log& log;
  std::size_t max_body_bytes;  // of any request
  Handler& handler;
  bool is_stopping = false;  // connections are closed after their response
};

/// HTTP/1.1 with keep-alive and pipelining: one request at a time, the next one when the response
/// to the last has gone out. Slow, oversized and malformed requests are answered and cut off.
class HttpProtocol final : public Protocol, public Exchange {
 public:
  /// `sender`: a client or a proxy.
  HttpProtocol(HttpContext& context, Connection& connection, const Sender& sender);
  ~HttpProtocol() override;
  HttpProtocol(const HttpProtocol&) = delete;
  HttpProtocol& operator=(const HttpProtocol&) = delete;

  /// Goes on with what another worker has read.
  void resume(Handover handover);
  /// The client's address has as many connections as it may.
  void refuse_address();

  const Sender& sender() const override { return sender_; }
  /// Of the request whose head came last.
  const ClientAddress& client() const override { return client_; }
  void belong_to(Responder* responder) override { responder_ = responder; }
  void admit() override;
  void respond(http_api::Response response) override;
  void respond_and_close(http_api::Response response) override;
  void begin(http_api::Response head) override;
  bool send(std::string_view piece) override;
  void end() override;
  void switch_to(std::unique_ptr<Protocol> protocol) override;
  Connection& connection() override { return connection_; }
  Handover hand_over() override;

  void receive(std::span<char> bytes) override;
  void closing() override;
  void closed() override;
  void drained() override;
  void stop() override;
  void drop(Shortage shortage) override;
  std::size_t held_bytes() const override;
  void time_over() override;

 private:
  enum class State : std::uint8_t { kReading, kHandling, kStreaming, kSending, kClosing };

  void read_next();
  void refuse(const http_api::Error& error);
  void take(HttpRequest request);
  void announce();
  void handle();
  void identify(const HttpRequest& head);
  void send_response(http_api::Response response, bool keep_alive);
  void write_head(http_api::Response& response, ResponseForm form);
  void send_part();
  void go_on();
  void go_on_streaming();
  void end_response();
  void expect_request();
  void watch_body();
  void recount();

  HttpContext& context_;
  Connection& connection_;
  Sender sender_;
  ClientAddress client_;
  Responder* responder_ = nullptr;  // see belong_to()
  std::string pending_;             // received, not read yet
  std::unique_ptr<HttpRequestReader> reader_;
  bool is_announced_ = false;                 // the head of the request that is being read
  bool is_admitted_ = false;                  // the client of that request
  std::unique_ptr<base::Assembly> assembly_;  // of its body, if that may take its time
  HttpRequest request_;                       // the one being handled
  http_api::Body body_;                       // of a large response that is being sent
  std::size_t body_sent_ = 0;
  std::size_t counted_ = 0;  // what held_bytes() was; see Connection::hold()
  bool is_last_ = false;     // the connection ends with the response
  // Of an answer in pieces:
  bool is_chunked_ = false;
  bool is_held_up_ = false;   // its Responder waits for sent()
  bool has_yielded_ = false;  // before that
  State state_ = State::kReading;
};

}  // namespace heliograph::net
