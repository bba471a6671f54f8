#pragma once

#include "config/config.hpp"
#include "http_api/assets.hpp"

namespace heliograph::commands {

/// Serves until the process is told to stop; `assets`: the embedded demo and browser client.
/// Returns the process's exit status; the reason for a failure goes to standard error.
int run(const config::Config& config, const http_api::Assets& assets);

}  // namespace heliograph::commands
