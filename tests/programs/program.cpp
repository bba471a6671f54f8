#include "program.hpp"

#include <array>
#include <chrono>
#include <cstdio>
#include <exception>
#include <string>

#include <CLI/CLI.hpp>

#include "base/log.hpp"

namespace heliograph::programs {

int run(int argc, char** argv, server::Settings settings,
        const server::Server::MakeMounts& make_mounts) {
  CLI::App flags("A test-only server");
  flags.add_option("--port", settings.port, "TCP port, 0 for any free one")->required();
  CLI11_PARSE(flags, argc, argv);
  settings.host = "127.0.0.1";
  settings.workers = 1;
  base::Log log(base::LogLevel::kWarn, base::LogFormat::kText);
  try {
    transport::AddressTable addresses(settings.transport.addresses);
    server::Server server(settings, log, addresses, make_mounts);
    std::printf("listening on port %u\n", unsigned{server.port()});
    std::fflush(stdout);
    server.run();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}

int serve_application(int argc, char** argv, std::string_view path,
                      const MakeApplication& make_application) {
  server::Settings settings;
  settings.engineio = {.ping_interval = std::chrono::milliseconds(300),
                       .ping_timeout = std::chrono::milliseconds(200),
                       .upgrade_timeout = std::chrono::milliseconds(10'000),
                       .max_payload = 1'000'000};
  return run(argc, argv, settings, [&](const gateway::WorkerLink&) {
    server::Mounts mounts;
    mounts.engineio.push_back({std::string(path), make_application()});
    return mounts;
  });
}

void send_text(gateway::Channel& channel, std::string_view text) {
  channel.send_text(std::array<std::string_view, 1>{text});
}

}  // namespace heliograph::programs
