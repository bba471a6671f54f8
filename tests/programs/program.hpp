#pragma once

#include <cstdint>

#include "server/server.hpp"
#include "server/settings.hpp"

namespace heliograph::programs {

/// Reads `--port N` (0: any free one) and serves on 127.0.0.1 with one worker until SIGTERM.
/// Returns the program's exit status.
int run(int argc, char** argv, server::Settings settings,
        const server::Server::MakeMounts& make_mounts);

}  // namespace heliograph::programs
