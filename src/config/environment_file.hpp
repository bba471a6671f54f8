#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/file.hpp"

namespace heliograph::config {

/// The path of the package's environment file.
inline constexpr std::string_view kEnvironmentFile = "/etc/heliograph/environment";

/// Reads the lines `NAME=value` of an environment file as systemd.exec(5) describes them under
/// EnvironmentFile=: empty lines and those that begin with # or ; are skipped, white space around a
/// value is cut, and the value may stand in single or double quotes. Not supported, and so a
/// problem: a value that goes on in the next line.
std::vector<FileEntry> parse_environment_file(std::string_view text);

/// The text with this value for `name`: in its line if it has one, which must be empty, else in a
/// new line at the end. All else stays as it is. The value must need no quotes.
std::string with_value(std::string_view text, std::string_view name, std::string_view value);

}  // namespace heliograph::config
