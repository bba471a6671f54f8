#pragma once

#include "http/exchange.hpp"
#include "http/http1.hpp"
#include "http/request.hpp"
#include "transport/admission.hpp"
#include "transport/websocket_protocol.hpp"

namespace heliograph::transport {

/// Turns requests into WebSockets: the server's side of the handshake (RFC 6455 §4.2). Its
/// arguments must outlive it.
class Upgrades {
 public:
  Upgrades(const http::SharedByConnections& shared, const WebSocketLimits& limits,
           const Admission& admission)
      : shared_(shared), limits_(limits), admission_(admission) {}

  /// Answers if it returns false: the request is no handshake, or the server is stopping.
  bool may_open(http::Exchange& exchange, const http::Request& request) const;
  /// Answers. Call it if may_open() has returned true.
  WebSocketProtocol& open(http::Exchange& exchange, const http::Request& request,
                          WebSocketHandler& handler) const;

 private:
  const http::SharedByConnections& shared_;
  WebSocketLimits limits_;
  const Admission& admission_;
};

}  // namespace heliograph::transport
