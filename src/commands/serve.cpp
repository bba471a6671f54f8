#include "commands/serve.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "auth/crypto.hpp"
#include "base/log.hpp"
#include "commands/greeting.hpp"
#include "config/memory.hpp"
#include "server/failures.hpp"
#include "server/heliograph.hpp"
#include "server/node_link.hpp"
#include "server/server.hpp"
#include "transport/address_table.hpp"

namespace heliograph::commands {
namespace {

// Of the memory that there is, what clients may take unless the operator says otherwise.
constexpr std::size_t kPartForClients = 4;

std::uint64_t random_number() {
  std::array<unsigned char, sizeof(std::uint64_t)> bytes{};
  auth::random_bytes(bytes);
  return std::bit_cast<std::uint64_t>(bytes);
}

server::Settings server_settings(const config::Config& config) {
  server::Settings settings = config.server;
  if (settings.max_buffered_bytes == 0) {
    settings.max_buffered_bytes = config::available_memory() / kPartForClients;
  }
  return settings;
}

gateway::HubSettings hub_settings(const config::Config& config, transport::AddressTable& addresses,
                                  base::Log& log) {
  gateway::HubSettings settings = config.gateway;
  settings.message_timeout = config.server.http.message_timeout;
  settings.takes_emissions = config.link.emitter.takes_emissions;
  settings.takes_demo_tokens = config.http_api.demo;
  settings.ice_servers = {config.ice_servers, config.turn};
  settings.failures = server::failure_limit(addresses);
  settings.guesses = server::guess_counts(addresses);
  settings.log = &log;
  return settings;
}

http_api::Settings http_settings(const config::Config& config, const gateway::HubSettings& hub) {
  http_api::Settings settings = config.http_api;
  settings.ice_servers = hub.ice_servers;
  settings.failures = hub.failures;
  return settings;
}

void serve(const config::Config& config, const http_api::Assets& assets, base::Log& log) {
  const server::Settings settings = server_settings(config);
  transport::AddressTable addresses(settings.transport.addresses);
  const gateway::HubSettings hub = hub_settings(config, addresses, log);
  const http_api::Settings http = http_settings(config, hub);
  std::optional<server::NodeLink> node_link;
  if (!config.link.redis.url.empty()) {
    node_link.emplace(config.link, hub.limits, hub.guesses, random_number, log);
    node_link->join();
  }
  server::Server server(settings, log, addresses, [&](gateway::WorkerLink link) {
    if (node_link) node_link->connect(link);
    return server::heliograph_mounts(hub, http, assets, std::move(link));
  });
  log.info("listening", {{"address", settings.host}, {"port", server.port()}});
  if (config.dev) greet(config, server.port());
  node_link ? node_link->run(server) : server.run();
}

}  // namespace

int run(const config::Config& config, const http_api::Assets& assets) {
  base::Log log(config.log_level, config.log_format);
  server::hold_stop_signals();
  try {
    serve(config, assets, log);
  } catch (const std::exception& error) {
    fmt::print(stderr, "heliograph: {}\n", error.what());
    return EXIT_FAILURE;
  }
  log.info("stopped");
  return EXIT_SUCCESS;
}

}  // namespace heliograph::commands
