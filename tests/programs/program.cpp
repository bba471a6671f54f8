#include "program.hpp"

#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <exception>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include "base/log.hpp"
#include "http/errors.hpp"
#include "server/server.hpp"
#include "server/settings.hpp"

namespace heliograph::programs {
namespace {

server::Settings settings_of(std::uint16_t port) {
  server::Settings settings;
  settings.host = "127.0.0.1";
  settings.port = port;
  settings.workers = 1;
  settings.engineio = {.ping_interval = std::chrono::milliseconds(300),
                       .ping_timeout = std::chrono::milliseconds(200),
                       .upgrade_timeout = std::chrono::milliseconds(10'000),
                       .max_payload = 1'000'000};
  return settings;
}

}  // namespace

int run(int argc, char** argv, const std::function<void(std::uint16_t port)>& serve) {
  std::uint16_t port = 0;
  CLI::App flags("A test-only server");
  flags.add_option("--port", port, "TCP port, 0 for any free one")->required();
  CLI11_PARSE(flags, argc, argv);
  server::hold_stop_signals();
  try {
    serve(port);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}

void tell_port(std::uint16_t port) {
  std::printf("listening on port %u\n", unsigned{port});
  std::fflush(stdout);
}

void await_stop() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  int signal = 0;
  sigwait(&signals, &signal);
}

int serve_application(int argc, char** argv, std::string_view path,
                      const MakeApplication& make_application) {
  return run(argc, argv, [&](std::uint16_t port) {
    const server::Settings settings = settings_of(port);
    base::Log log(base::LogLevel::kWarn, base::LogFormat::kText);
    transport::AddressTable addresses(settings.transport.addresses);
    server::Server server(settings, log, addresses, [&](const gateway::WorkerLink&) {
      return server::Mounts{
          .engineio_path = std::string(path),
          .application = make_application(),
          .http = [](const http_api::Request&) { return http::error_response(http::kNotFound); },
          .refuse_early = [](const http_api::Request&) { return std::nullopt; }};
    });
    tell_port(server.port());
    server.run();
  });
}

void send_text(gateway::Channel& channel, std::string_view text) {
  channel.send_text(std::array<std::string_view, 1>{text});
}

}  // namespace heliograph::programs
