#include "transport/upgrades.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/field.hpp>
#include <boost/beast/http/rfc7230.hpp>

#include "http/errors.hpp"
#include "websocket/handshake.hpp"

namespace heliograph::transport {
namespace {

namespace beast_http = boost::beast::http;
using engineio::Error;

// The header may come several times, as one list (RFC 9110 §5.3).
bool has_connection_option(const http::Request& request, std::string_view option) {
  const auto fields = request.equal_range(beast_http::field::connection);
  return std::any_of(fields.first, fields.second, [&](const auto& field) {
    return beast_http::token_list{field.value()}.exists({option.data(), option.size()});
  });
}

// RFC 6455 §4.2.1
bool is_websocket_upgrade(const http::Request& request) {
  return request.method() == beast_http::verb::get && request.version() >= 11 &&
         boost::beast::iequals(request[beast_http::field::upgrade], "websocket") &&
         has_connection_option(request, "upgrade") &&
         websocket::is_valid_key(http::header(request, beast_http::field::sec_websocket_key));
}

// Why a request opens no WebSocket; empty if it may. RFC 6455 §11.3.1 and §11.3.5 allow one header
// of a kind.
std::string_view handshake_problem(const http::Request& request) {
  std::size_t keys = 0;
  std::size_t versions = 0;
  for (const auto& field : request) {
    if (field.name() == beast_http::field::sec_websocket_key) ++keys;
    if (field.name() == beast_http::field::sec_websocket_version) ++versions;
  }
  if (keys > 1) return "more than one Sec-WebSocket-Key";
  if (versions > 1) return "more than one Sec-WebSocket-Version";
  return is_websocket_upgrade(request) ? "" : "not a WebSocket handshake";
}

// The header may come several times, as one list (RFC 6455 §11.3.4).
std::optional<std::string_view> first_subprotocol(const http::Request& request) {
  const auto fields = request.equal_range(beast_http::field::sec_websocket_protocol);
  for (auto field = fields.first; field != fields.second; ++field) {
    const auto list = field->value();
    if (const auto found = websocket::first_subprotocol({list.data(), list.size()})) return found;
  }
  return std::nullopt;
}

}  // namespace

// RFC 6455 §4.2.1 and §4.2.2
bool Upgrades::may_open(http::Exchange& exchange, const http::Request& request) const {
  const std::string_view problem = handshake_problem(request);
  if (shared_.is_stopping) {
    exchange.respond_and_close(http::error_response(http::kUnavailable));
  } else if (!problem.empty()) {
    admission_.refuse_and_close(exchange, Error::kBadRequest, problem);
  } else if (request[beast_http::field::sec_websocket_version] != "13") {
    http::Response response = http::error_response(426, "Upgrade Required");
    response.headers.emplace_back("Sec-WebSocket-Version", "13");
    response.headers.emplace_back("Upgrade", "websocket");
    response.headers.emplace_back("Connection", "Upgrade");
    exchange.respond_and_close(std::move(response));
  } else {
    return true;
  }
  return false;
}

WebSocketProtocol& Upgrades::open(http::Exchange& exchange, const http::Request& request,
                                  WebSocketHandler& handler) const {
  reactor::Connection& connection = exchange.connection();
  std::string& out = connection.output();
  out += "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n";
  out += "Sec-WebSocket-Accept: ";
  out += websocket::accept_key(http::header(request, beast_http::field::sec_websocket_key));
  // Browsers fail a handshake that answers none of the subprotocols that they offered.
  if (const auto subprotocol = first_subprotocol(request)) {
    out += "\r\nSec-WebSocket-Protocol: ";
    out += *subprotocol;
  }
  out += "\r\n\r\n";
  auto websocket = std::make_unique<WebSocketProtocol>(connection, handler, limits_);
  WebSocketProtocol& protocol = *websocket;
  exchange.switch_to(std::move(websocket));
  return protocol;
}

}  // namespace heliograph::transport
