#include "server/routes.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include <boost/beast/http/field.hpp>

#include "http/cors.hpp"
#include "http/errors.hpp"
#include "http/target.hpp"
#include "http_api/router.hpp"
#include "reactor/address.hpp"

namespace heliograph::server {
namespace {

namespace beast_http = boost::beast::http;

// What the HTTP API takes: POST /app needs two short texts.
constexpr std::size_t kMostApiBytes = 16UL * 1024;

// "/socket.io/" is asked for with and without its last slash.
bool is_below(std::string_view mount, std::string_view path) {
  return path == mount || (path.size() + 1 == mount.size() && mount.starts_with(path));
}

http_api::Request view_of(const http::Request& request, std::string_view target,
                          const http::ClientAddress& client, const base::Now& now) {
  return {.method = http::method(request),
          .target = target,
          .body = request.body(),
          .content_type = http::header(request, beast_http::field::content_type),
          .if_none_match = http::header(request, beast_http::field::if_none_match),
          .authorization = http::header(request, beast_http::field::authorization),
          .accept_encoding = http::header(request, beast_http::field::accept_encoding),
          .limited_address = client.limited(),
          .unix_seconds = now.unix_seconds,
          .now = now.real};
}

http::Response no_content(http::Sharing sharing) {
  http::Response response;
  response.status = 204;
  response.sharing = sharing;
  return response;
}

}  // namespace

Routes::Routes(const http::Context& context, Transports transports, const http::Proxies& proxies,
               transport::AddressTable& addresses, std::string_view base_path, Mounts mounts)
    : context_(context),
      transports_(transports),
      proxies_(proxies),
      addresses_(addresses),
      base_path_(base_path),
      mounts_(std::move(mounts)) {}

// A health check need not know the base path.
std::optional<std::string_view> Routes::target_below_base(const http::Request& request) const {
  constexpr std::string_view kHealth = "/healthz";
  const std::string_view target = http::target(request);
  if (target.starts_with(kHealth) && http::path_of(target) == kHealth) return target;
  return http::below(base_path_, target);
}

void Routes::on_request(http::Exchange& exchange, http::Request& request) {
  const auto local_target = target_below_base(request);
  if (!local_target) return exchange.respond(http::error_response(http::kNotFound));
  if (http::is_preflight(http::cors_request(request))) {
    return exchange.respond(no_content(http_api::Router::sharing_of(*local_target)));
  }
  const std::string_view path = http::path_of(*local_target);
  for (EngineIoMount& mount : mounts_.engineio) {
    if (!is_below(mount.path, path)) continue;
    return transports_.engineio.on_request(exchange, request, *mount.application);
  }
  for (WebSocketMount& mount : mounts_.websocket) {
    if (is_below(mount.path, path)) return open_websocket(exchange, request, mount);
  }
  if (!mounts_.http) return exchange.respond(http::error_response(http::kNotFound));
  http_api::Answer answer =
      mounts_.http(view_of(request, *local_target, exchange.client(), context_.turn.now()));
  if (const auto* elsewhere = std::get_if<http_api::Elsewhere>(&answer)) {
    return transports_.handovers.give(elsewhere->worker, exchange.hand_over());
  }
  exchange.respond(std::get<http::Response>(std::move(answer)));
}

bool Routes::is_for_engineio(const http::Request& request) const {
  const auto local_target = target_below_base(request);
  if (!local_target) return false;
  return std::ranges::any_of(mounts_.engineio, [&](const EngineIoMount& mount) {
    return is_below(mount.path, http::path_of(*local_target));
  });
}

http::Sharing Routes::sharing(const http::Request& head) const {
  return http_api::Router::sharing_of(target_below_base(head).value_or(""));
}

std::size_t Routes::max_body_bytes(const http::Request& head) const {
  if (is_for_engineio(head)) return transports_.engineio.max_body_bytes(head);
  return std::min(kMostApiBytes, context_.max_body_bytes);
}

void Routes::on_head(http::Exchange& exchange, const http::Request& head) {
  if (is_for_engineio(head)) return transports_.engineio.on_head(exchange, head);
  if (head.method() == beast_http::verb::post) pass_head_to_api(exchange, head);
}

void Routes::pass_head_to_api(http::Exchange& exchange, const http::Request& head) const {
  const auto local_target = target_below_base(head);
  if (!local_target || !mounts_.refuse_early) return;
  auto refusal =
      mounts_.refuse_early(view_of(head, *local_target, exchange.client(), context_.turn.now()));
  if (refusal) exchange.respond_and_close(*std::move(refusal));
}

bool Routes::enter(reactor::Connection& connection, const base::IpAddress& address) {
  if (!proxies_.counts_connection(address)) return true;
  auto place = addresses_.add_connection(address, context_.turn.now().real);
  if (!place) return false;
  connection.occupy(*std::move(place));
  return true;
}

http::ClientAddress Routes::identify(const http::Sender& sender, const http::Request& head) {
  const http::ClientAddress client = proxies_.client(sender, head);
  if (client.is_of_unknown_proxy && addresses_.is_time_to_warn(context_.turn.now().real)) {
    context_.log.warn("forwarding header of an unknown proxy",
                      {{"address", reactor::text(sender.address)},
                       {"advice",
                        "list its network in TRUSTED_PROXIES; its clients are not limited "
                        "by address until then"}});
  }
  return client;
}

void Routes::open_websocket(http::Exchange& exchange, const http::Request& request,
                            WebSocketMount& mount) const {
  if (!transports_.admission.admits_origin(exchange, request)) return;
  if (!transports_.upgrades.may_open(exchange, request)) return;
  transports_.upgrades.open(exchange, request, *mount.handler).admit();
}

}  // namespace heliograph::server
