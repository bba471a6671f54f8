#pragma once

#include <string>

namespace heliograph::config {

// The text of `--help`.
std::string help_text();

// docs/configuration.md.
std::string configuration_docs();

// docs/limits.md.
std::string limits_docs();

}  // namespace heliograph::config
