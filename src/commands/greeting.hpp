#pragma once

#include <cstdint>

#include "config/config.hpp"

namespace heliograph::commands {

/// Tells a person in development mode how to try the server out: on standard output, not in the
/// log, because the text contains secrets.
void greet(const config::Config& config, std::uint16_t port);

}  // namespace heliograph::commands
