#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <variant>

#include <fmt/format.h>
#include <unistd.h>

#include "commands/health.hpp"
#include "commands/serve.hpp"
#include "commands/setup.hpp"
#include "commands/token.hpp"
#include "config/load.hpp"
#include "http_api/assets.hpp"

namespace {

using namespace heliograph;

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
  int operator()(const config::Config& config) const {
    return commands::run(config, http_api::embedded_assets());
  }
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
