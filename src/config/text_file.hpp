#pragma once

#include <optional>
#include <string>

namespace heliograph::config {

/// The bytes of a file; nothing if it cannot be read to its end, or is a folder.
std::optional<std::string> read_text(const std::string& path);

}  // namespace heliograph::config
