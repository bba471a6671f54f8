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

Routes::Routes(const SharedByWorkers& shared, const http::SharedByConnections& http,
               transport::Routes& engineio, const transport::Handovers& handovers,
               const Mounts& mounts)
    : shared_(shared), http_(http), engineio_(engineio), handovers_(handovers), mounts_(mounts) {}

// Health checks need not know the base path.
std::optional<std::string_view> Routes::target_below_base(const http::Request& request) const {
  const std::string_view target = http::target(request);
  const std::string_view path = http::path_of(target);
  if (path == "/healthz" || path == "/readyz") return target;
  return http::below(shared_.settings.base_path, target);
}

void Routes::on_request(http::Exchange& exchange, http::Request& request) {
  const auto local_target = target_below_base(request);
  if (!local_target) return exchange.respond(http::error_response(http::kNotFound));
  if (http::is_preflight(http::cors_request(request))) {
    return exchange.respond(no_content(http_api::Router::sharing_of(*local_target)));
  }
  if (is_for_engineio(*local_target)) {
    return engineio_.on_request(exchange, request, *mounts_.application);
  }
  http_api::Answer answer =
      mounts_.http(view_of(request, *local_target, exchange.client(), http_.turn.now()));
  if (const auto* elsewhere = std::get_if<http_api::Elsewhere>(&answer)) {
    return handovers_.give(elsewhere->worker, exchange.hand_over());
  }
  exchange.respond(std::get<http::Response>(std::move(answer)));
}

bool Routes::is_for_engineio(std::string_view local_target) const {
  return is_below(mounts_.engineio_path, http::path_of(local_target));
}

http::Sharing Routes::sharing(const http::Request& head) const {
  return http_api::Router::sharing_of(target_below_base(head).value_or(""));
}

std::size_t Routes::max_body_bytes(const http::Request& head) const {
  const auto local_target = target_below_base(head);
  if (local_target && is_for_engineio(*local_target)) return engineio_.max_body_bytes(head);
  return std::min(kMostApiBytes, http_.max_body_bytes);
}

void Routes::on_head(http::Exchange& exchange, const http::Request& head) {
  const auto local_target = target_below_base(head);
  if (!local_target) return;
  if (is_for_engineio(*local_target)) return engineio_.on_head(exchange, head);
  if (head.method() != beast_http::verb::post) return;
  auto refusal =
      mounts_.refuse_early(view_of(head, *local_target, exchange.client(), http_.turn.now()));
  if (refusal) exchange.respond_and_close(*std::move(refusal));
}

bool Routes::enter(reactor::Connection& connection, const base::IpAddress& address) {
  if (!shared_.proxies.counts_connection(address)) return true;
  auto place = shared_.addresses.add_connection(address, http_.turn.now().real);
  if (!place) return false;
  connection.occupy(*std::move(place));
  return true;
}

http::ClientAddress Routes::identify(const http::Sender& sender, const http::Request& head) {
  const http::ClientAddress client = shared_.proxies.client(sender, head);
  if (client.is_of_unknown_proxy && shared_.addresses.is_time_to_warn(http_.turn.now().real)) {
    shared_.log.warn("forwarding header of an unknown proxy",
                     {{"address", reactor::text(sender.address)},
                      {"advice",
                       "list its network in TRUSTED_PROXIES; its clients are not limited "
                       "by address until then"}});
  }
  return client;
}

}  // namespace heliograph::server
