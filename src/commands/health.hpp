#pragma once

#include "config/load.hpp"

namespace heliograph::commands {

/// Asks a server by HTTP whether it is healthy: the exit code is 0 if it answers 200. An answer may
/// take 5 s. While there is none, it is asked again until the check's wait is over; any answer ends
/// that.
config::Exit run(const config::CheckHealth& check);

}  // namespace heliograph::commands
