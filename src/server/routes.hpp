#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/application.hpp"
#include "http/exchange.hpp"
#include "http/http1.hpp"
#include "http/request.hpp"
#include "http_api/message.hpp"
#include "server/shared_by_workers.hpp"
#include "transport/routes.hpp"

namespace heliograph::server {

/// One worker serves these: an Engine.IO application below a path, and HTTP everywhere else.
struct Mounts {
  /// "/socket.io/", which is also found without its last slash.
  std::string engineio_path;
  std::unique_ptr<gateway::Application> application;
  /// Answers every other request, or names the worker that has to.
  std::function<http_api::Answer(const http_api::Request&)> http;
  /// Refuses such a request before its body has come.
  std::function<std::optional<http::Response>(const http_api::Request&)> refuse_early;
};

/// Passes each HTTP request of a worker to the transports of Engine.IO or to the HTTP API. Its
/// arguments must outlive it.
class Routes final : public http::Handler {
 public:
  Routes(const SharedByWorkers& shared, const http::SharedByConnections& http,
         transport::Routes& engineio, const transport::Handovers& handovers, const Mounts& mounts);

  bool enter(reactor::Connection& connection, const base::IpAddress& address) override;
  http::ClientAddress identify(const http::Sender& sender, const http::Request& head) override;
  std::size_t max_body_bytes(const http::Request& head) const override;
  http::Sharing sharing(const http::Request& head) const override;
  void on_head(http::Exchange& exchange, const http::Request& head) override;
  void on_request(http::Exchange& exchange, http::Request& request) override;

 private:
  std::optional<std::string_view> target_below_base(const http::Request& request) const;
  bool is_for_engineio(std::string_view local_target) const;

  const SharedByWorkers& shared_;
  const http::SharedByConnections& http_;
  transport::Routes& engineio_;
  const transport::Handovers& handovers_;
  const Mounts& mounts_;
};

}  // namespace heliograph::server
