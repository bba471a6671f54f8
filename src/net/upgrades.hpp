#pragma once

#include "net/admission.hpp"
#include "net/exchange.hpp"
#include "net/http_request.hpp"
#include "net/websocket_protocol.hpp"

namespace heliograph::net {

/// Turns requests into WebSockets: the server's side of the handshake (RFC 6455 §4.2). What it
/// refers to must outlive it.
class Upgrades {
 public:
  Upgrades(const WebSocketLimits& limits, const Admission& admission)
      : limits_(limits), admission_(admission) {}

  /// Answers if it returns false. `is_stopping`: the server stops, and takes none any more.
  bool may_open(Exchange& exchange, const HttpRequest& request, bool is_stopping) const;
  /// Answers; to be called if may_open() has returned true.
  WebSocketProtocol& open(Exchange& exchange, const HttpRequest& request,
                          WebSocketHandler& handler) const;

 private:
  WebSocketLimits limits_;
  const Admission& admission_;
};

}  // namespace heliograph::net
