#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "gateway/application.hpp"
#include "server/server.hpp"
#include "server/settings.hpp"

namespace heliograph::programs {

/// Reads `--port N` (0: any free one) and serves on 127.0.0.1 with one worker until SIGTERM.
/// Returns the program's exit status.
int run(int argc, char** argv, server::Settings settings,
        const server::Server::MakeMounts& make_mounts);

using MakeApplication = std::function<std::unique_ptr<gateway::Application>()>;

/// The same for one Engine.IO application below `path`, "/socket.io/", with the times that the test
/// suites of the protocol documents ask for.
int serve_application(int argc, char** argv, std::string_view path,
                      const MakeApplication& make_application);

void send_text(gateway::Channel& channel, std::string_view text);

}  // namespace heliograph::programs
