#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/assembly.hpp"
#include "base/log.hpp"
#include "http/errors.hpp"
#include "http/exchange.hpp"
#include "http/proxies.hpp"
#include "http/request.hpp"
#include "http/request_reader.hpp"
#include "http/response.hpp"
#include "http/response_writer.hpp"
#include "http/settings.hpp"
#include "reactor/connection.hpp"
#include "reactor/loop_turn.hpp"
#include "reactor/protocol.hpp"

namespace heliograph::http {

/// State that the HTTP connections of a worker share.
struct SharedByConnections {
  reactor::LoopTurn& turn;
  const Settings& settings;
  base::Log& log;
  std::size_t max_body_bytes;  // of any request
  bool is_stopping = false;    // connections are closed after their response
};

/// HTTP/1.1 with keep-alive and pipelining: one request at a time, the next one when the response
/// to the last has gone out. Slow, oversized and malformed requests are answered and cut off.
class Http1 final : public reactor::Protocol, public Exchange {
 public:
  /// `sender`: a client or a proxy.
  Http1(const SharedByConnections& shared, Handler& handler, reactor::Connection& connection,
        const Sender& sender);
  ~Http1() override;
  Http1(const Http1&) = delete;
  Http1& operator=(const Http1&) = delete;

  /// Goes on with what another worker has read.
  void resume(Handover handover);
  /// The client's address has as many connections as it may.
  void refuse_address();

  const Sender& sender() const override { return sender_; }
  /// Of the request whose head came last.
  const ClientAddress& client() const override { return client_; }
  void belong_to(Responder* responder) override { responder_ = responder; }
  void admit() override;
  void respond(Response response) override;
  void respond_and_close(Response response) override;
  void begin(Response head) override;
  bool send(std::string_view piece) override;
  void end() override;
  void switch_to(std::unique_ptr<reactor::Protocol> protocol) override;
  reactor::Connection& connection() override { return connection_; }
  Handover hand_over() override;

  void on_bytes(std::span<char> bytes) override;
  void closing() override;
  void closed() override;
  void drained() override;
  void stop() override;
  void drop(reactor::Shortage shortage) override;
  std::size_t held_bytes() const override;
  void time_over() override;

 private:
  enum class State : std::uint8_t { kReading, kHandling, kStreaming, kSending, kClosing };

  void read_next();
  void refuse(const Error& error);
  void on_request(Request request);
  void on_head();
  void pass_to_handler();
  void identify(const Request& head);
  void take_head();
  bool may_keep_alive() const;
  std::chrono::milliseconds keep_alive_time() const;
  bool can_answer() const { return state_ == State::kReading || state_ == State::kHandling; }
  void end_exchange();
  void send_response(Response response);
  void write_head(Response& response, ResponseForm form);
  void send_part();
  void go_on();
  void go_on_streaming();
  void end_response();
  void expect_request();
  void watch_body();
  void recount();

  const SharedByConnections& shared_;
  Handler& handler_;
  reactor::Connection& connection_;
  Sender sender_;
  ClientAddress client_;
  Responder* responder_ = nullptr;  // see belong_to()
  std::string pending_;             // received, not read yet
  std::unique_ptr<RequestReader> reader_;
  bool handler_knows_head_ = false;           // of the request that is being read
  bool is_admitted_ = false;                  // the client of that request
  std::unique_ptr<base::Assembly> assembly_;  // of its body, if that may take its time
  Request request_;                           // the one being handled
  Body body_;                                 // of a large response that is being sent
  std::size_t body_sent_ = 0;
  std::size_t counted_ = 0;  // what held_bytes() was; see Connection::hold()
  bool is_last_ = false;     // the connection ends with the response
  // Of an answer in pieces:
  std::size_t unsent_ = 0;  // when its last piece was sent
  bool is_chunked_ = false;
  bool is_held_up_ = false;   // its Responder waits for sent()
  bool has_yielded_ = false;  // before that
  State state_ = State::kReading;
};

}  // namespace heliograph::http
