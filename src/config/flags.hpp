#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/setting.hpp"

namespace heliograph::config {

// Options that only the command line has.
struct Command {
  std::string_view flag;  // without its dashes
  std::string_view unit;  // stands for the value in the help; empty if there is none
  std::string_view help;
};

// In the order of the help.
std::span<const Command> commands();

/// A word before the flags that asks for something other than serving.
struct Subcommand {
  std::string_view name;
  std::string_view help;
  std::span<const Command> flags;  // that it has beside those of the settings
};

/// In the order of the help.
std::span<const Subcommand> subcommands();

// A setting's value, and the flag that it was given by, without its dashes.
struct FlagValue {
  const Setting* setting;
  std::string_view flag;
  std::string text;
};

/// `heliograph setup`
struct SetupFlags {
  std::optional<std::string> public_url;
};

/// `heliograph token`
struct TokenFlags {
  std::string app;
  std::optional<std::uint32_t> lifetime;  // seconds
};

struct Flags {
  std::variant<std::monostate, SetupFlags, TokenFlags> subcommand;
  bool help = false;
  bool version = false;
  bool dev = false;
  bool check_config = false;
  bool print_configuration_docs = false;  // hidden; makes docs/configuration.md
  bool print_limits_docs = false;         // hidden; makes docs/limits.md
  bool print_man_page = false;            // hidden; makes heliograph(1)
  std::string print_completion;           // hidden; of this shell
  std::optional<std::string> config;
  std::optional<std::string> environment_file;
  std::optional<std::string> health;  // a URL, or empty
  std::uint32_t wait = 0;             // for health, in seconds
  std::vector<FlagValue> values;
  // The problem with the command line, in a sentence; then ignore the rest.
  std::optional<std::string> problem;
};

Flags parse_flags(int argc, const char* const* argv);

// The flag or command that `name`, a misspelt flag or variable, most likely means.
std::optional<std::string_view> nearest_flag(std::string_view name);

}  // namespace heliograph::config
