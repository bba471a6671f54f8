#include "net/server_routes.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include <boost/beast/http/field.hpp>

#include "http_api/errors.hpp"
#include "http_api/router.hpp"
#include "http_api/target.hpp"

namespace heliograph::net {
namespace {

namespace http = boost::beast::http;

// What the HTTP API takes: POST /app needs two short texts.
constexpr std::size_t kMostApiBytes = 16UL * 1024;

// "/socket.io/" is asked for with and without its last slash.
bool is_below(std::string_view mount, std::string_view path) {
  return path == mount || (path.size() + 1 == mount.size() && mount.starts_with(path));
}

http_api::Request view_of(const HttpRequest& request, std::string_view target,
                          const ClientAddress& client, const base::Now& now) {
  return {.method = method(request),
          .target = target,
          .body = request.body(),
          .content_type = header(request, http::field::content_type),
          .if_none_match = header(request, http::field::if_none_match),
          .authorization = header(request, http::field::authorization),
          .accept_encoding = header(request, http::field::accept_encoding),
          .limited_address = client.limited(),
          .unix_seconds = now.unix_seconds,
          .now = now.real};
}

bool is_preflight(const HttpRequest& request) {
  return request.method() == http::verb::options &&
         !request[http::field::access_control_request_method].empty();
}

http_api::Response no_content(http_api::Sharing sharing) {
  http_api::Response response;
  response.status = 204;
  response.sharing = sharing;
  return response;
}

}  // namespace

ServerRoutes::ServerRoutes(const HttpContext& context, Ways ways, const Proxies& proxies,
                           AddressTable& addresses, std::string_view base_path, Mounts mounts)
    : context_(context),
      ways_(ways),
      proxies_(proxies),
      addresses_(addresses),
      base_path_(base_path),
      mounts_(std::move(mounts)) {}

// A health check need not know the base path.
std::optional<std::string_view> ServerRoutes::target_below_base(const HttpRequest& request) const {
  constexpr std::string_view kHealth = "/healthz";
  const bool may_be_health = target(request).starts_with(kHealth);
  if (may_be_health && http_api::path_of(target(request)) == kHealth) return target(request);
  return http_api::below(base_path_, target(request));
}

void ServerRoutes::handle(Exchange& exchange, HttpRequest& request) {
  const auto local_target = target_below_base(request);
  if (!local_target) return exchange.respond(http_api::error_response(http_api::kNotFound));
  if (is_preflight(request)) {
    return exchange.respond(no_content(http_api::Router::sharing_of(*local_target)));
  }
  const std::string_view path = http_api::path_of(*local_target);
  for (EngineIoMount& mount : mounts_.engineio) {
    if (is_below(mount.path, path))
      return ways_.engineio.handle(exchange, request, *mount.application);
  }
  for (WebSocketMount& mount : mounts_.websocket) {
    if (is_below(mount.path, path)) return open_websocket(exchange, request, mount);
  }
  if (!mounts_.http) return exchange.respond(http_api::error_response(http_api::kNotFound));
  http_api::Answer answer =
      mounts_.http(view_of(request, *local_target, exchange.client(), context_.turn.now()));
  if (const auto* elsewhere = std::get_if<http_api::Elsewhere>(&answer)) {
    return ways_.place.hand_over(elsewhere->worker, exchange.hand_over());
  }
  exchange.respond(std::get<http_api::Response>(std::move(answer)));
}

bool ServerRoutes::is_for_engineio(const HttpRequest& request) const {
  const auto local_target = target_below_base(request);
  if (!local_target) return false;
  return std::ranges::any_of(mounts_.engineio, [&](const EngineIoMount& mount) {
    return is_below(mount.path, http_api::path_of(*local_target));
  });
}

http_api::Sharing ServerRoutes::sharing(const HttpRequest& head) const {
  return http_api::Router::sharing_of(target_below_base(head).value_or(""));
}

std::size_t ServerRoutes::max_body_bytes(const HttpRequest& head) const {
  if (is_for_engineio(head)) return ways_.engineio.max_body_bytes(head);
  return std::min(kMostApiBytes, context_.max_body_bytes);
}

void ServerRoutes::announce(Exchange& exchange, const HttpRequest& head) {
  if (is_for_engineio(head)) return ways_.engineio.announce(exchange, head);
  if (head.method() == http::verb::post) announce_to_api(exchange, head);
}

void ServerRoutes::announce_to_api(Exchange& exchange, const HttpRequest& head) const {
  const auto local_target = target_below_base(head);
  if (!local_target || !mounts_.refuse_early) return;
  auto refusal =
      mounts_.refuse_early(view_of(head, *local_target, exchange.client(), context_.turn.now()));
  if (refusal) exchange.respond_and_close(*std::move(refusal));
}

bool ServerRoutes::enter(Connection& connection, const IpAddress& address) {
  if (!proxies_.counts_connection(address)) return true;
  auto place = addresses_.add_connection(address, context_.turn.now().real);
  if (!place) return false;
  connection.occupy(*std::move(place));
  return true;
}

ClientAddress ServerRoutes::identify(const Sender& sender, const HttpRequest& head) {
  const ClientAddress client = proxies_.client(sender, head);
  if (client.is_of_unknown_proxy && addresses_.is_time_to_warn(context_.turn.now().real)) {
    context_.log.warn("forwarding header of an unknown proxy",
                      {{"address", text(sender.address)},
                       {"advice",
                        "list its network in TRUSTED_PROXIES; its clients are not limited "
                        "by address until then"}});
  }
  return client;
}

void ServerRoutes::open_websocket(Exchange& exchange, const HttpRequest& request,
                                  WebSocketMount& mount) const {
  if (!ways_.admission.admits_origin(exchange, request)) return;
  if (!ways_.upgrades.may_open(exchange, request, context_.is_stopping)) return;
  ways_.upgrades.open(exchange, request, *mount.handler).admit();
}

}  // namespace heliograph::net
