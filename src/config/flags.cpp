#include "config/flags.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include <CLI/CLI.hpp>

namespace heliograph::config {

namespace {

constexpr Command kCommands[] = {
    {"config", "FILE", "Read settings from a TOML file, whose keys are named like the flags"},
    {"environment-file", "FILE",
     "Read variables from a file with a line NAME=value for each, as the package's service does"},
    {"check-config", "", "Say what is wrong with the configuration, and where, and exit"},
    {"dev", "", "Development: make up the secrets that are not set, and serve the demo"},
    {"health", "[URL]",
     "Ask the server at the URL, or the one of this configuration, whether it is healthy; exit "
     "with 0 if it is and with 1 if not"},
    {"wait", "SECONDS", "With --health: how long to keep asking while the server does not answer"},
    {"help", "", "Show this and exit"},
    {"version", "", "Show the version and exit"},
};

constexpr Command kSetupFlags[] = {
    {"public-url", "URL",
     "Where clients reach the server; by default https:// and this host's name"},
};

constexpr Command kTokenFlags[] = {
    {"app", "NAME", "The app that the token is for"},
    {"lifetime", "SECONDS", "How long the token is valid; by default it does not expire"},
};

constexpr Subcommand kSubcommands[] = {
    {"setup", "Write new secrets into the environment file; existing values stay", kSetupFlags},
    {"token", "Print an app token, which clients connect with", kTokenFlags},
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
  if (!argument.starts_with('-')) {
    return argument +
           " is not expected: settings are given as flags, and setup or token stand first";
  }
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
std::span<const Subcommand> subcommands() { return kSubcommands; }

namespace {

// One flag of the table of settings.
struct Option {
  const Setting* setting;
  std::string_view flag;
  CLI::Option* option;
};

std::vector<Option> add_settings(CLI::App& app) {
  std::vector<Option> options;
  for (const Setting& setting : settings()) {
    for (const std::string_view flag : {setting.flag, setting.former_flag}) {
      if (!flag.empty()) options.push_back({&setting, flag, app.add_option(dashed(flag))});
    }
  }
  return options;
}

void add_commands(CLI::App& app, Flags& flags) {
  app.add_flag("-h,--help", flags.help);
  app.add_flag("--version", flags.version);
  app.add_flag("--dev", flags.dev);
  app.add_flag("--check-config", flags.check_config);
  app.add_flag("--print-configuration-docs", flags.print_configuration_docs);
  app.add_flag("--print-limits-docs", flags.print_limits_docs);
  app.add_flag("--print-man-page", flags.print_man_page);
  app.add_option("--print-completion", flags.print_completion)
      ->check(CLI::IsMember({"bash", "zsh"}));
  app.add_option("--config", flags.config);
  app.add_option("--environment-file", flags.environment_file);
  app.add_option("--health", flags.health)->expected(0, 1)->default_str("");
  app.add_option("--wait", flags.wait);
}

// They are written to where `flags` ends up if the command line names them.
struct Subcommands {
  SetupFlags setup;
  TokenFlags token;
};

void add_subcommands(CLI::App& app, Subcommands& flags) {
  CLI::App* const setup = app.add_subcommand("setup")->fallthrough();
  setup->set_help_flag();
  setup->add_option("--public-url", flags.setup.public_url);
  CLI::App* const token = app.add_subcommand("token")->fallthrough();
  token->set_help_flag();
  token->add_option("--app", flags.token.app);
  token->add_option("--lifetime", flags.token.lifetime);
}

}  // namespace

Flags parse_flags(int argc, const char* const* argv) {
  Flags flags;
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  add_commands(app, flags);
  Subcommands subcommands;
  add_subcommands(app, subcommands);
  const std::vector<Option> options = add_settings(app);
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
  if (app.got_subcommand("setup")) flags.subcommand = subcommands.setup;
  if (app.got_subcommand("token")) flags.subcommand = subcommands.token;
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
  for (const Subcommand& subcommand : subcommands()) {
    for (const Command& command : subcommand.flags) consider(command.flag, command.flag);
  }
  return nearest;
}

}  // namespace heliograph::config
