#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "gateway/application.hpp"

namespace heliograph::programs {

/// Reads `--port N` (0: any free one) and calls `serve` with it, which returns after SIGTERM or
/// SIGINT. Threads that `serve` makes do not get these. Returns the program's exit status.
int run(int argc, char** argv, const std::function<void(std::uint16_t port)>& serve);

/// Prints the port, for the tests.
void tell_port(std::uint16_t port);

/// Waits for SIGTERM or SIGINT.
void await_stop();

using MakeApplication = std::function<std::unique_ptr<gateway::Application>()>;

/// Serves one Engine.IO application below `path`, "/socket.io/", on 127.0.0.1 with one worker, and
/// with the times that the test suites of the protocol documents ask for. Returns the program's
/// exit status.
int serve_application(int argc, char** argv, std::string_view path,
                      const MakeApplication& make_application);

void send_text(gateway::Channel& channel, std::string_view text);

}  // namespace heliograph::programs
