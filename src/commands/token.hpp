#pragma once

#include <cstdint>

#include "config/load.hpp"

namespace heliograph::commands {

/// Prints an app token and nothing else. `now`: in seconds since the Unix epoch.
config::Exit run(const config::MakeToken& token, std::int64_t now);

}  // namespace heliograph::commands
