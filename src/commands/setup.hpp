#pragma once

#include "config/load.hpp"

namespace heliograph::commands {

/// Writes an APP_SECRET and an APP_PASS into the environment file, for each that has no value
/// there, and prints the next steps. The file is replaced atomically (rename(2)). It keeps its
/// owner and its mode, except for the rights of others. If there is none, it is made with mode
/// 0640, and for the group heliograph if that exists.
config::Exit run(const config::WriteSecrets& setup);

}  // namespace heliograph::commands
