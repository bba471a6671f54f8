#include "config/flags.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include <CLI/CLI.hpp>

namespace heliograph::config {

namespace {

constexpr Command kCommands[] = {
    {"config", "FILE", "Read settings from a TOML file, its keys named as the flags"},
    {"check-config", "", "Say what is wrong with the configuration, and where, and end"},
    {"dev", "", "Development: make up the secrets that are not set, and serve the demo"},
    {"help", "", "Show this and end"},
    {"version", "", "Show the version and end"},
};

std::string dashed(std::string_view flag) { return "--" + std::string(flag); }

// The number of characters to insert, take out or exchange to get from `a` to `b` (Levenshtein).
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t exchanged = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({exchanged, diagonal + 1, row[j] + 1});
    }
  }
  return row.back();
}

// The spelling of flags: lower case, dashes.
std::string as_flag(std::string_view name) {
  std::string flag = CLI::detail::to_lower(std::string(name));
  std::ranges::replace(flag, '_', '-');
  return flag;
}

std::string describe_extra(const std::string& argument) {
  if (!argument.starts_with('-')) return argument + " is not expected: settings are given as flags";
  const std::string name = argument.substr(0, argument.find('='));
  std::string problem = name + " is no flag";
  if (const std::optional<std::string_view> meant =
          nearest_flag(name.substr(std::min(name.find_first_not_of('-'), name.size())))) {
    problem += "; did you mean " + dashed(*meant) + "?";
  }
  return problem;
}

}  // namespace

std::span<const Command> commands() { return kCommands; }

Flags parse_flags(int argc, const char* const* argv) {
  Flags flags;
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  app.add_flag("-h,--help", flags.help);
  app.add_flag("--version", flags.version);
  app.add_flag("--dev", flags.dev);
  app.add_flag("--check-config", flags.check_config);
  app.add_flag("--print-configuration-docs", flags.print_configuration_docs);
  app.add_flag("--print-limits-docs", flags.print_limits_docs);
  app.add_option("--config", flags.config);
  struct Option {
    const Setting* setting;
    std::string_view flag;
    CLI::Option* option;
  };
  std::vector<Option> options;
  for (const Setting& setting : settings()) {
    for (const std::string_view flag : {setting.flag, setting.former_flag}) {
      if (!flag.empty()) options.push_back({&setting, flag, app.add_option(dashed(flag))});
    }
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ArgumentMismatch& error) {
    const std::string text = error.what();
    flags.problem = text.substr(0, text.find(':')) + " needs a value";
  } catch (const CLI::ParseError& error) {
    flags.problem = error.what();
  }
  if (!flags.problem && app.remaining_size() > 0) {
    flags.problem = describe_extra(app.remaining().front());
  }
  for (const auto& [setting, flag, option] : options) {
    if (!option->empty()) flags.values.push_back({setting, flag, option->results().back()});
  }
  return flags;
}

std::optional<std::string_view> nearest_flag(std::string_view name) {
  const std::string wanted = as_flag(name);
  std::size_t least = 3;  // more slips than two, and it is anybody's guess
  std::optional<std::string_view> nearest;
  const auto consider = [&](std::string_view spelling, std::string_view flag) {
    const std::size_t slips = edit_distance(wanted, spelling);
    if (slips >= least) return;
    least = slips;
    nearest = flag;
  };
  for (const Setting& setting : settings()) {
    consider(setting.flag, setting.flag);
    consider(as_flag(setting.environment), setting.flag);
    if (!setting.former_flag.empty()) consider(setting.former_flag, setting.flag);
  }
  for (const Command& command : commands()) consider(command.flag, command.flag);
  return nearest;
}

}  // namespace heliograph::config
