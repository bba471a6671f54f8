#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "http/handover.hpp"
#include "http/proxies.hpp"
#include "http/request.hpp"
#include "http/response.hpp"
#include "reactor/connection.hpp"
#include "reactor/protocol.hpp"

namespace heliograph::http {

class Exchange;

/// Answers an exchange later, or in pieces.
class Responder {
 public:
  virtual ~Responder() = default;
  /// The exchange has ended, and this responder had not taken itself back before: the client has
  /// gone, or the request was refused by somebody else. Called once. Do not use the exchange any
  /// more.
  virtual void client_gone(Exchange& exchange) = 0;
  /// All pieces of an answer that were sent have gone out. Called after a send() that has returned
  /// false, never from inside it; not if the connection ends.
  virtual void sent(Exchange& /*exchange*/) {}
};

/// A request and its answer, which a Handler gives at once, later or in pieces. Does not move until
/// its answer has gone out or its Responder is told of its end. An answer that comes when the
/// exchange is answered already, or its connection is closing, is dropped. No call here calls the
/// Responder back.
class Exchange {
 public:
  virtual ~Exchange() = default;

  /// The other end of the connection, a client or a proxy.
  virtual const Sender& sender() const = 0;
  /// The client that sent the request.
  virtual const ClientAddress& client() const = 0;

  /// `responder` is told of the exchange's end. Null takes it back, which it does before it
  /// answers, and before it is destroyed.
  virtual void belong_to(Responder* responder) = 0;
  /// The client was let in: the body that is still to come may take its time, and the connection
  /// is not dropped for want of descriptors.
  virtual void admit() = 0;

  /// Answers as a whole. After respond() the connection waits for its next request, if the client
  /// wants that and this one has come whole.
  virtual void respond(Response response) = 0;
  virtual void respond_and_close(Response response) = 0;

  /// Begins an answer in pieces: the response's status and headers; its body must be empty. The
  /// pieces go out as chunks (RFC 9112 §7.1); the connection of a client of HTTP/1.0 ends behind
  /// the last. Its status must be one that has a body. To a HEAD no piece goes out: end() should
  /// follow at once.
  virtual void begin(Response head) = 0;
  /// Sends a piece. If false, send no more until Responder::sent() is called: more waits for the
  /// client than it has read. A connection for which more than the limit for unsent bytes would
  /// wait is ended instead.
  virtual bool send(std::string_view piece) = 0;
  /// The answer is complete.
  virtual void end() = 0;

  /// Answers by another protocol, which gets the bytes that came behind the request. The response
  /// that says so must have been appended to the connection's output.
  virtual void switch_to(std::unique_ptr<reactor::Protocol> protocol) = 0;
  virtual reactor::Connection& connection() = 0;

  /// Gives away what has been read of the request, and the socket. Do not use the exchange after
  /// this call.
  virtual Handover hand_over() = 0;
};

/// Answers the requests of a worker's connections.
class Handler {
 public:
  virtual ~Handler() = default;

  /// Takes the connection's place among those of this address; false if that has as many as it may.
  virtual bool enter(reactor::Connection& connection, const base::IpAddress& address) = 0;
  /// The client that sent the request with this head, over a connection of this sender's.
  virtual ClientAddress identify(const Sender& sender, const Request& head) = 0;
  /// Bytes that the body of the request with this head may have.
  virtual std::size_t max_body_bytes(const Request& head) const = 0;
  /// Which pages may read the answer if the request with this head is refused and the handler does
  /// not get it.
  virtual Sharing sharing(const Request& head) const = 0;

  /// The head of a request has come, and its body is still to come. May answer.
  virtual void on_head(Exchange& exchange, const Request& head) = 0;
  /// Answers, or becomes the exchange's Responder.
  virtual void on_request(Exchange& exchange, Request& request) = 0;
};

}  // namespace heliograph::http
