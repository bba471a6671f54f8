#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/application.hpp"
#include "http_api/message.hpp"
#include "net/address_table.hpp"
#include "net/admission.hpp"
#include "net/exchange.hpp"
#include "net/http_protocol.hpp"
#include "net/http_request.hpp"
#include "net/proxies.hpp"
#include "net/routes.hpp"
#include "net/upgrades.hpp"
#include "net/websocket_protocol.hpp"

namespace heliograph::net {

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

/// Where each HTTP request of a worker goes: to the transports of Engine.IO, to a WebSocket or to
/// the HTTP API. What it refers to must outlive it.
class ServerRoutes final : public Handler {
 public:
  struct Ways {
    EngineIoRoutes& engineio;
    const Admission& admission;
    const Upgrades& upgrades;
    const WorkerPlace& place;
  };
  ServerRoutes(const HttpContext& context, Ways ways, const Proxies& proxies,
               AddressTable& addresses, std::string_view base_path, Mounts mounts);

  bool enter(Connection& connection, const IpAddress& address) override;
  ClientAddress identify(const Sender& sender, const HttpRequest& head) override;
  std::size_t max_body_bytes(const HttpRequest& head) const override;
  http_api::Sharing sharing(const HttpRequest& head) const override;
  void announce(Exchange& exchange, const HttpRequest& head) override;
  void handle(Exchange& exchange, HttpRequest& request) override;

  std::vector<EngineIoMount>& applications() { return mounts_.engineio; }
  const std::vector<EngineIoMount>& applications() const { return mounts_.engineio; }

 private:
  std::optional<std::string_view> target_below_base(const HttpRequest& request) const;
  bool is_for_engineio(const HttpRequest& request) const;
  void announce_to_api(Exchange& exchange, const HttpRequest& head) const;
  void open_websocket(Exchange& exchange, const HttpRequest& request, WebSocketMount& mount) const;

  const HttpContext& context_;
  Ways ways_;
  const Proxies& proxies_;
  AddressTable& addresses_;
  std::string_view base_path_;
  Mounts mounts_;
};

}  // namespace heliograph::net
