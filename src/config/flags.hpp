#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/setting.hpp"

namespace heliograph::config {

// What the command line alone can ask for.
struct Command {
  std::string_view flag;  // without its dashes
  std::string_view unit;  // stands for the value in the help; empty where there is none
  std::string_view help;
};

// In the order of the help.
std::span<const Command> commands();

// A setting's value, and the flag that it was given by, without its dashes.
struct FlagValue {
  const Setting* setting;
  std::string_view flag;
  std::string text;
};

struct Flags {
  bool help = false;
  bool version = false;
  bool dev = false;
  bool check_config = false;
  bool print_configuration_docs = false;  // hidden; makes docs/configuration.md
  bool print_limits_docs = false;         // hidden; makes docs/limits.md
  std::optional<std::string> config;
  std::vector<FlagValue> values;
  // What is wrong with the command line, in a sentence; the rest then does not count.
  std::optional<std::string> problem;
};

Flags parse_flags(int argc, const char* const* argv);

// The flag or command that `name`, a flag or a variable with a slip in it, is most likely meant
// for.
std::optional<std::string_view> nearest_flag(std::string_view name);

}  // namespace heliograph::config
