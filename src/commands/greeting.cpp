#include "commands/greeting.hpp"

#include <cstdio>
#include <string>

#include <fmt/format.h>

#include "auth/tokens.hpp"

namespace heliograph::commands {
namespace {

// A host as it stands in a URL that works on this machine.
std::string shown_host(const std::string& host) {
  if (host == "::" || host == "0.0.0.0") return "localhost";
  return host.find(':') == std::string::npos ? host : '[' + host + ']';
}

}  // namespace

void greet(const config::Config& config, std::uint16_t port) {
  fmt::print("\nHeliograph in development mode\n\n");
  fmt::print("  demo        http://{}:{}{}/demo\n", shown_host(config.server.host), port,
             config.server.base_path);
  if (config.app_secret_is_made_up) {
    fmt::print("  APP_SECRET  {}\n", config.gateway.app_secret.signing);
  }
  if (config.app_pass_is_made_up) fmt::print("  APP_PASS    {}\n", config.http_api.app_pass);
  fmt::print("  app token   {}\n\n", auth::Tokens(config.gateway.app_secret).issue_app("dev"));
  if (config.server.host == "localhost") {
    fmt::print(
        "Only this machine reaches it. With --host :: others do, too; their browsers open cameras\n"
        "only for HTTPS or localhost: docs/deploy.md.\n\n");
  }
  std::fflush(stdout);
}

}  // namespace heliograph::commands
