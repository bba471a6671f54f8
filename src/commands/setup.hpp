#pragma once

#include "config/load.hpp"

namespace heliograph::commands {

/// Writes an APP_SECRET and an APP_PASS into the environment file, for each that has no value
/// there, and says how to go on. The file is replaced at once (rename(2)). It keeps its owner and
/// its mode, but for what others than its group may do. If there is none, it is made with mode
/// 0640, and for the group heliograph if that exists.
config::Exit run(const config::WriteSecrets& setup);

}  // namespace heliograph::commands
