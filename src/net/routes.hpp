#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/log.hpp"
#include "engineio/error.hpp"
#include "engineio/session.hpp"
#include "gateway/application.hpp"
#include "http_api/message.hpp"
#include "net/address_table.hpp"
#include "net/descriptor.hpp"
#include "net/http_request.hpp"
#include "net/http_request_reader.hpp"
#include "net/proxies.hpp"
#include "net/session_id.hpp"
#include "net/settings.hpp"
#include "net/websocket_protocol.hpp"

namespace heliograph::net {

class Connection;
class HttpProtocol;
class LoopTurn;
class Session;
class Sessions;

/// An Engine.IO application below a path, "/socket.io/".
struct EngineIoMount {
  std::string path;
  std::unique_ptr<gateway::Application> application;
};

/// Bare WebSockets below a path.
struct WebSocketMount {
  std::string path;
  std::unique_ptr<WebSocketHandler> handler;
};

/// What one worker serves. Mail between workers goes to the first Engine.IO application.
struct Mounts {
  std::vector<EngineIoMount> engineio;
  std::vector<WebSocketMount> websocket;
  /// Answers every other request, or names the worker that has to; without it, 404.
  std::function<http_api::Answer(const http_api::Request&)> http;
  /// Refuses such a request before its body has come; may be null.
  std::function<std::optional<http_api::Response>(const http_api::Request&)> refuse_early{};
};

/// Gives a request, complete or just begun, to the worker that its session or its peer lives on.
struct Handover {
  AddressTable::ConnectionPlace place;
  Descriptor socket;
  Sender sender;
  std::optional<HttpRequest> request;
  std::unique_ptr<HttpRequestReader> reader;
  std::string rest;  // what was received behind it
};

/// Where each HTTP request of a worker goes: to the Engine.IO transports, to a WebSocket or to the
/// HTTP API.
class Routes {
 public:
  struct Parts {
    LoopTurn& turn;
    Sessions& sessions;
    const Settings& settings;
    base::Log& log;
    const Proxies& proxies;
    AddressTable& addresses;
    std::size_t max_body_bytes;
    std::uint16_t worker;
    std::uint16_t workers;
    std::function<void(std::uint16_t worker, Handover)> hand_over;
  };
  Routes(Parts parts, Mounts mounts);
  ~Routes();

  void handle(HttpProtocol& http, HttpRequest& request);
  /// The head of a request has come, and its body is still to come.
  void announce(HttpProtocol& http, const HttpRequest& head);

  /// Takes the connection's place among those of its address; false if that has as many as it may.
  bool enter(Connection& connection, const IpAddress& address);
  /// Who sent the request, over a connection of this sender's.
  ClientAddress identify(const Sender& sender, const HttpRequest& head) const;

  const Settings& settings() const { return parts_.settings; }
  base::Log& log() const { return parts_.log; }
  /// Of any request.
  std::size_t max_body_bytes() const { return parts_.max_body_bytes; }
  /// Of the request with this head.
  std::size_t max_body_bytes(const HttpRequest& head) const;
  /// Who may read the answer to the request with this head, even if its route does not give it.
  http_api::Sharing sharing(const HttpRequest& head) const;
  std::vector<EngineIoMount>& applications() { return mounts_.engineio; }
  const std::vector<EngineIoMount>& applications() const { return mounts_.engineio; }

  /// From now on connections are closed after their response.
  void stop() { is_stopping_ = true; }
  bool is_stopping() const { return is_stopping_; }

 private:
  std::optional<std::string_view> target_below_base(const HttpRequest& request) const;
  void handle_engineio(HttpProtocol& http, HttpRequest& request, EngineIoMount& mount);
  static bool is_as_long_as_goodbye(const HttpRequest& head);
  bool take_goodbye(HttpProtocol& http, const HttpRequest& request, const SessionId& id,
                    gateway::Application& application) const;
  void announce_to_api(HttpProtocol& http, const HttpRequest& head) const;
  bool admits_origin(HttpProtocol& http, const HttpRequest& request) const;
  bool is_elsewhere(const std::optional<SessionId>& id) const;
  bool is_for_engineio(const HttpRequest& request) const;
  void open_polling(HttpProtocol& http, const HttpRequest& request, EngineIoMount& mount);
  void open_websocket(HttpProtocol& http, HttpRequest& request, EngineIoMount& mount);
  void tell_version(HttpProtocol& http, HttpRequest& request, engineio::Transport transport);
  void poll(HttpProtocol& http, Session& session) const;
  void post(HttpProtocol& http, const HttpRequest& request, Session& session) const;
  void probe(HttpProtocol& http, HttpRequest& request, Session& session);
  void echo(HttpProtocol& http, HttpRequest& request, WebSocketMount& mount);
  std::optional<AddressTable::SessionPlace> enter_session(HttpProtocol& http) const;
  bool may_open_websocket(HttpProtocol& http, const HttpRequest& request) const;
  void refuse(HttpProtocol& http, engineio::Error error, std::string_view reason) const;
  void refuse_and_close(HttpProtocol& http, engineio::Error error, std::string_view reason) const;
  void log_refusal(HttpProtocol& http, engineio::Error error, std::string_view reason) const;
  WebSocketProtocol& upgrade(HttpProtocol& http, const HttpRequest& request,
                             WebSocketHandler& handler);

  Parts parts_;
  Mounts mounts_;
  WebSocketLimits websocket_limits_;
  bool is_stopping_ = false;
};

}  // namespace heliograph::net
