#pragma once

#include <functional>
#include <map>
#include <string>
#include <variant>

#include "config/config.hpp"

namespace heliograph::config {

// The program is to print `out` and `err` and to end with `code`.
struct Exit {
  int code;
  std::string out;
  std::string err;
};

using Environment = std::map<std::string, std::string, std::less<>>;

// Copies `name=value` strings up to the first null pointer, as `environ` holds them.
Environment environment_from(const char* const* variables);

// Flags over environment over file over defaults. Exit for `--help`, `--version`, `--check-config`
// and for whatever is wrong; secrets appear in none of its texts. An empty environment variable
// counts as unset.
std::variant<Config, Exit> load(int argc, const char* const* argv, const Environment& environment);

}  // namespace heliograph::config
