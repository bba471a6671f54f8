#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/application.hpp"
#include "http/exchange.hpp"
#include "http/http1.hpp"
#include "http/proxies.hpp"
#include "http/request.hpp"
#include "http_api/message.hpp"
#include "transport/address_table.hpp"
#include "transport/admission.hpp"
#include "transport/routes.hpp"
#include "transport/upgrades.hpp"
#include "transport/websocket_protocol.hpp"

namespace heliograph::server {

/// An Engine.IO application below a path, "/socket.io/".
struct EngineIoMount {
  std::string path;
  std::unique_ptr<gateway::Application> application;
};

/// Bare WebSockets below a path.
struct WebSocketMount {
  std::string path;
  std::unique_ptr<transport::WebSocketHandler> handler;
};

/// What one worker serves. Mail between workers goes to the first Engine.IO application.
struct Mounts {
  std::vector<EngineIoMount> engineio;
  std::vector<WebSocketMount> websocket;
  /// Answers every other request, or names the worker that has to; without it, 404.
  std::function<http_api::Answer(const http_api::Request&)> http;
  /// Refuses such a request before its body has come; may be null.
  std::function<std::optional<http::Response>(const http_api::Request&)> refuse_early{};
};

/// Passes each HTTP request of a worker to the transports of Engine.IO, to a WebSocket or to the
/// HTTP API. Its arguments must outlive it.
class Routes final : public http::Handler {
 public:
  struct Transports {
    transport::Routes& engineio;
    const transport::Admission& admission;
    const transport::Upgrades& upgrades;
    const transport::Handovers& handovers;
  };
  Routes(const http::Context& context, Transports transports, const http::Proxies& proxies,
         transport::AddressTable& addresses, std::string_view base_path, Mounts mounts);

  bool enter(reactor::Connection& connection, const base::IpAddress& address) override;
  http::ClientAddress identify(const http::Sender& sender, const http::Request& head) override;
  std::size_t max_body_bytes(const http::Request& head) const override;
  http::Sharing sharing(const http::Request& head) const override;
  void on_head(http::Exchange& exchange, const http::Request& head) override;
  void on_request(http::Exchange& exchange, http::Request& request) override;

  std::vector<EngineIoMount>& applications() { return mounts_.engineio; }
  const std::vector<EngineIoMount>& applications() const { return mounts_.engineio; }

 private:
  std::optional<std::string_view> target_below_base(const http::Request& request) const;
  bool is_for_engineio(const http::Request& request) const;
  void pass_head_to_api(http::Exchange& exchange, const http::Request& head) const;
  void open_websocket(http::Exchange& exchange, const http::Request& request,
                      WebSocketMount& mount) const;

  const http::Context& context_;
  Transports transports_;
  const http::Proxies& proxies_;
  transport::AddressTable& addresses_;
  std::string_view base_path_;
  Mounts mounts_;
};

}  // namespace heliograph::server
