#include "server/heliograph.hpp"

#include <cstdint>
#include <memory>
#include <utility>

#include "auth/tokens.hpp"
#include "gateway/hub.hpp"
#include "http_api/router.hpp"

namespace heliograph::server {
namespace {

http_api::FindPeer find_peer_in(const gateway::Hub& hub) {
  using Found = http_api::FindPeer::result_type;
  return [&hub](const auth::SessionClaims& claims, std::int64_t unix_seconds) -> Found {
    const auto peer = signaling::parse_peer_id(claims.socket);
    if (!peer) return http_api::Gone{};
    if (const auto worker = hub.other_worker_of(*peer)) return http_api::Elsewhere{*worker};
    if (!hub.is_present(*peer, {claims.returns, unix_seconds})) return http_api::Gone{};
    return http_api::Present{};
  };
}

http_api::FindReadiness find_readiness_of(const gateway::Hub& hub) {
  return [&hub](base::TimePoint now) {
    if (hub.is_stopping()) return http_api::Readiness::kDraining;
    return hub.has_lease(now) ? http_api::Readiness::kReady
                              : http_api::Readiness::kRedisUnreachable;
  };
}

}  // namespace

Mounts heliograph_mounts(const gateway::HubSettings& hub, const http_api::Settings& http,
                         const http_api::Assets& assets, gateway::WorkerLink link) {
  auto application = std::make_unique<gateway::Hub>(hub, std::move(link));
  const auto tokens = std::make_shared<const auth::Tokens>(hub.app_secret);
  const auto router = std::make_shared<const http_api::Router>(
      http, *tokens, assets,
      http_api::Questions{.find_peer = find_peer_in(*application),
                          .find_readiness = find_readiness_of(*application)});
  Mounts mounts;
  mounts.engineio_path = "/socket.io/";
  mounts.application = std::move(application);
  mounts.http = [tokens, router](const http_api::Request& request) {
    return router->handle(request);
  };
  mounts.refuse_early = [tokens, router](const http_api::Request& head) {
    return router->refuse_early(head);
  };
  return mounts;
}

}  // namespace heliograph::server
