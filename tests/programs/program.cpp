#include "program.hpp"

#include <cstdio>
#include <exception>

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

}  // namespace heliograph::programs
