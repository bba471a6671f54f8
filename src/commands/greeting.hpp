#pragma once

#include <cstdint>

#include "config/config.hpp"

namespace heliograph::commands {

/// Tells the person who tries the server out in development mode how to, on standard output, not in
/// the log, because it holds secrets.
void greet(const config::Config& config, std::uint16_t port);

}  // namespace heliograph::commands
