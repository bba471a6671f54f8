#pragma once

#include <string>

namespace heliograph::config {

// What `--help` prints.
std::string help_text();

// docs/configuration.md.
std::string configuration_docs();

// docs/limits.md.
std::string limits_docs();

}  // namespace heliograph::config
