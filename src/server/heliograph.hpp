#pragma once

#include "gateway/application.hpp"
#include "gateway/settings.hpp"
#include "http_api/assets.hpp"
#include "http_api/settings.hpp"
#include "server/routes.hpp"

namespace heliograph::server {

/// The mounts of one worker of Heliograph: its application below `/socket.io/`, the HTTP API
/// everywhere else. The bytes that `assets` views must outlive them.
Mounts heliograph_mounts(const gateway::HubSettings& hub, const http_api::Settings& http,
                         const http_api::Assets& assets, gateway::WorkerLink link);

}  // namespace heliograph::server
