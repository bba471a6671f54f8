#include <array>
#include <bit>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include <fmt/format.h>
#include <unistd.h>

#include "auth/crypto.hpp"
#include "auth/tokens.hpp"
#include "base/log.hpp"
#include "commands/health.hpp"
#include "commands/setup.hpp"
#include "commands/token.hpp"
#include "config/load.hpp"
#include "config/memory.hpp"
#include "gateway/hub.hpp"
#include "http_api/assets.hpp"
#include "http_api/router.hpp"
#include "server/node_link.hpp"
#include "server/server.hpp"

namespace {

using namespace heliograph;

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

// What one worker serves: Heliograph below /socket.io/, the HTTP API everywhere else.
server::Mounts make_mounts(const config::Config& config, const http_api::Settings& http,
                           const signaling::GuessCounts& guesses, gateway::WorkerLink link,
                           base::Log& log) {
  const gateway::HubSettings hub{.limits = config.limits,
                                 .connect_timeout = config.net.connect_timeout,
                                 .message_timeout = config.net.message_timeout,
                                 .token_lifetime = config.token_lifetime,
                                 .recovery = config.recovery,
                                 .sends_request_errors = config.send_request_errors,
                                 .takes_emissions = config.cluster.takes_emissions,
                                 .app_secret = config.app_secret,
                                 .takes_demo_tokens = config.demo,
                                 .ice_servers = http.ice_servers,
                                 .failures = http.failures,
                                 .guesses = guesses,
                                 .log = &log};
  auto application = std::make_unique<gateway::Hub>(hub, std::move(link));
  const auto tokens = std::make_shared<const auth::Tokens>(config.app_secret);
  const auto router = std::make_shared<const http_api::Router>(
      http, *tokens, http_api::embedded_assets(), find_peer_in(*application));
  server::Mounts mounts;
  mounts.engineio.push_back({"/socket.io/", std::move(application)});
  mounts.http = [tokens, router](const http_api::Request& request) {
    return router->handle(request);
  };
  mounts.refuse_early = [tokens, router](const http_api::Request& head) {
    return router->refuse_early(head);
  };
  return mounts;
}

// A host as it stands in a URL that works on this machine.
std::string shown_host(const std::string& host) {
  if (host == "::" || host == "0.0.0.0") return "localhost";
  return host.find(':') == std::string::npos ? host : '[' + host + ']';
}

// For the person who tries it out: standard output, not the log, because it holds secrets.
void greet(const config::Config& config, std::uint16_t port) {
  fmt::print("\nHeliograph in development mode\n\n");
  fmt::print("  demo        http://{}:{}{}/demo\n", shown_host(config.net.host), port,
             config.net.base_path);
  if (config.app_secret_is_made_up) fmt::print("  APP_SECRET  {}\n", config.app_secret.signing);
  if (config.app_pass_is_made_up) fmt::print("  APP_PASS    {}\n", config.app_pass);
  fmt::print("  app token   {}\n\n", auth::Tokens(config.app_secret).issue_app("dev"));
  if (config.net.host == "localhost") {
    fmt::print(
        "Only this machine reaches it. With --host :: others do, too; their browsers open cameras\n"
        "only for HTTPS or localhost: docs/deploy.md.\n\n");
  }
  std::fflush(stdout);
}

std::uint64_t random_number() {
  std::array<unsigned char, sizeof(std::uint64_t)> bytes{};
  auth::random_bytes(bytes);
  return std::bit_cast<std::uint64_t>(bytes);
}

http::Settings net_settings(const config::Config& config) {
  http::Settings settings = config.net;
  if (settings.max_buffered_bytes == 0) {
    settings.max_buffered_bytes = config::available_memory() / 4;
  }
  return settings;
}

signaling::GuessCounts guess_counts(transport::AddressTable& addresses) {
  constexpr auto kGuess = auth::Attempt::kRoomPassword;
  return {.wait =
              [&](const base::IpAddress& address) {
                const base::Duration wait = addresses.wait(address, kGuess, base::Clock::now());
                return std::chrono::ceil<std::chrono::milliseconds>(wait);
              },
          .has_failed =
              [&](const base::IpAddress& address) {
                return addresses.has_failed(address, kGuess, base::Clock::now());
              },
          .note =
              [&](const base::IpAddress& address) {
                addresses.note_failure(address, kGuess, base::Clock::now());
              }};
}

auth::FailureLimit failure_limit(transport::AddressTable& addresses) {
  return {.wait = [&](auto... asked) { return addresses.wait(asked...); },
          .note = [&](auto... asked) { addresses.note_failure(asked...); }};
}

int serve(const config::Config& config) {
  base::Log log(config.log_level, config.log_format);
  server::hold_stop_signals();
  transport::AddressTable addresses({.max_connections = config.net.max_connections_per_address,
                                     .sessions = config.net.sessions_per_address});
  const signaling::GuessCounts guesses = guess_counts(addresses);
  const http_api::Settings http{.app_pass = config.app_pass,
                                .demo = config.demo,
                                .ice_servers = {config.ice_servers, config.turn},
                                .public_dir = config.public_dir,
                                .frame_ancestors = config.frame_ancestors,
                                .failures = failure_limit(addresses)};
  const http::Settings net = net_settings(config);
  try {
    std::optional<server::NodeLink> node_link;
    if (!config.cluster.redis_url.empty()) {
      node_link.emplace(config.cluster, config.limits, guesses, random_number, log);
      node_link->join();
    }
    server::Server server(net, config.engineio, log, addresses, [&](gateway::WorkerLink link) {
      if (node_link) node_link->connect(link);
      return make_mounts(config, http, guesses, std::move(link), log);
    });
    log.info("listening", {{"address", config.net.host}, {"port", server.port()}});
    if (config.dev) greet(config, server.port());
    node_link ? node_link->run(server) : server.run();
  } catch (const std::exception& error) {
    fmt::print(stderr, "heliograph: {}\n", error.what());
    return EXIT_FAILURE;
  }
  log.info("stopped");
  return EXIT_SUCCESS;
}

int finish(const config::Exit& exit) {
  std::fputs(exit.out.c_str(), stdout);
  std::fputs(exit.err.c_str(), stderr);
  if (std::fflush(stdout) == 0) return exit.code;
  fmt::print(stderr, "heliograph: standard output: cannot be written\n");
  return EXIT_FAILURE;
}

std::int64_t unix_seconds() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(now).count();
}

struct Run {
  int operator()(const config::Config& config) const { return serve(config); }
  int operator()(const config::Exit& exit) const { return finish(exit); }
  int operator()(const config::WriteSecrets& setup) const { return finish(commands::run(setup)); }
  int operator()(const config::MakeToken& token) const {
    return finish(commands::run(token, unix_seconds()));
  }
  int operator()(const config::CheckHealth& check) const { return finish(commands::run(check)); }
};

}  // namespace

int main(int argc, char** argv) {
  return std::visit(Run{}, config::load(argc, argv, config::environment_from(environ)));
}
