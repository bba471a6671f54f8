#pragma once

#include <cstdint>

#include "engineio/settings.hpp"
#include "net/server.hpp"
#include "net/settings.hpp"

namespace heliograph::programs {

/// Reads `--port N` (0: any free one) and serves on 127.0.0.1 with one worker until SIGTERM.
/// Returns the program's exit status.
int run(int argc, char** argv, net::Settings settings, const engineio::Settings& engineio,
        const net::Server::MakeMounts& make_mounts);

}  // namespace heliograph::programs
