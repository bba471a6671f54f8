#include "config/help.hpp"

#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "base/text.hpp"
#include "config/flags.hpp"
#include "config/limits.hpp"
#include "config/setting.hpp"

namespace heliograph::config {

namespace {

constexpr std::size_t kHelpColumn = 35;
constexpr std::size_t kWidth = 92;

constexpr std::string_view kUsage =
    R"help(Heliograph, a WebRTC signalling server.

Usage: heliograph [FLAG [VALUE]]...
       heliograph setup | token [FLAG [VALUE]]...

Examples:
  heliograph --dev
      Try it out: secrets are made up, and the demo is at http://localhost:5000/demo
  heliograph setup --environment-file settings
  heliograph --environment-file settings --port 8080
      Run it for other people: this needs APP_SECRET and APP_PASS
  heliograph token --app demo --environment-file settings
      Print a token that clients connect with

Each setting is a flag, a variable (--ping-interval is PING_INTERVAL; only --port is APP_PORT),
or a line of the TOML file (ping-interval = 25000). The first of these that has a value counts:
flag, environment, environment file (--environment-file), TOML file (--config), default.
setup, token, --health and --check-config use /etc/heliograph/environment unless another file
is named.
)help";

constexpr std::string_view kDocsIntroduction =
    R"(# Configuration

<!-- Made by `heliograph --print-configuration-docs`; a unit test fails when it is stale. -->

Each setting is a flag, a variable, or a line of the TOML file that `--config` names. Its key there is
the flag without the dashes. Variables come from the environment, and from the file that
`--environment-file` names, with a line `NAME=value` for each. The package's service reads
`/etc/heliograph/environment` that way, and `heliograph setup`, `heliograph token`, `--health` and
`--check-config` use it unless another file is named.

The first of these that has a value counts: flag, environment, environment file, TOML file, default.
An empty variable counts as unset. If there is an unknown flag, key or variable of the file, or a
value that is not allowed, the server does not start and prints one line that says where the mistake
is; `--check-config` lists them all.

```toml
# heliograph.toml
port = 8080
cors-origin = ["https://example.org", "https://app.example.org"]

turn-urls = ["turn:turn.example.org", "turns:turn.example.org"]
turn-secret = "what the TURN server has as static-auth-secret"

[[ice-servers]]
urls = "stun:stun.example.org"
```

In production `APP_SECRET` and `APP_PASS` must be set; `heliograph setup` writes new ones into the
environment file. With `--dev` they are made up if they are not set, and may be short if they are.
)";

constexpr std::string_view kLimitsIntroduction =
    R"(# Limits

<!-- Made by `heliograph --print-limits-docs`; a unit test fails when it is stale. -->

These limits bound how much a client can make the server hold or do. The server tells the client
about each refusal: by an event or an acknowledgement, by the reason in a close frame, or by an HTTP
status ([protocol.md](protocol.md)). The log names it ([log.md](log.md)). The settings are described
in [configuration.md](configuration.md).

## Adjustable limits

| Setting | Default | If it is reached | How to size it |
|---|---|---|---|
)";

constexpr std::string_view kFixedLimitsTitle =
    R"(
## Fixed limits

| What | Limit | If it is reached |
|---|---|---|
)";

// `text` in lines of at most kWidth, all but the first indented to the help's column.
std::string wrapped(std::string_view text) {
  std::string out;
  std::size_t column = kHelpColumn;
  while (!text.empty()) {
    const std::string_view word = base::cut_first(text, ' ');
    if (column + 1 + word.size() > kWidth) {
      out += '\n' + std::string(kHelpColumn, ' ');
      column = kHelpColumn;
    } else if (!out.empty()) {
      out += ' ';
      ++column;
    }
    out += word;
    column += word.size();
  }
  return out;
}

void append_row(std::string& out, std::string_view flag, std::string_view unit,
                std::string_view help) {
  std::string row = "  --";
  row += flag;
  if (!unit.empty()) row += ' ';
  row += unit;
  if (row.size() >= kHelpColumn) row += '\n' + std::string(kHelpColumn, ' ');
  if (row.size() < kHelpColumn) row.resize(kHelpColumn, ' ');
  out += row;
  out += wrapped(help);
  out += '\n';
}

// A vertical bar would end the cell.
std::string cell(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '|') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

std::string code(std::string_view text) { return text.empty() ? "" : '`' + cell(text) + '`'; }

std::string table_of(std::span<const Command> flags) {
  std::string out = "\n| Flag | Meaning |\n|---|---|\n";
  for (const Command& flag : flags) {
    const std::string unit = flag.unit.empty() ? "" : ' ' + std::string(flag.unit);
    out +=
        fmt::format("| {} | {} |\n", code("--" + std::string(flag.flag) + unit), cell(flag.help));
  }
  return out;
}

// What holds where nothing is set; empty where that is nothing.
std::string default_of(const Setting& setting) {
  Config defaults;
  return value_of(defaults, setting);
}

}  // namespace

std::string help_text() {
  std::string out(kUsage);
  out += "\nCommand line\n";
  for (const Command& command : commands()) {
    append_row(out, command.flag, command.unit, command.help);
  }
  for (const Subcommand& subcommand : subcommands()) {
    out += fmt::format("\nheliograph {}: {}\n", subcommand.name, subcommand.help);
    for (const Command& flag : subcommand.flags) append_row(out, flag.flag, flag.unit, flag.help);
  }
  std::optional<Group> group;
  for (const Setting& setting : settings()) {
    if (group != setting.group) out += '\n' + std::string(title_of(setting.group)) + '\n';
    group = setting.group;
    std::string help(setting.help);
    const std::string value = default_of(setting);
    if (!value.empty()) help += " (default " + value + ')';
    if (setting.secrecy == Secrecy::kSecret) help += " (to be set, unless --dev makes one up)";
    append_row(out, setting.flag, setting.unit, help);
  }
  return out;
}

std::string configuration_docs() {
  std::string out(kDocsIntroduction);
  std::optional<Group> group;
  for (const Setting& setting : settings()) {
    if (group != setting.group) {
      out += "\n## " + std::string(title_of(setting.group)) +
             "\n\n| Flag | Environment | Default | Allowed | Meaning |\n|---|---|---|---|---|\n";
    }
    group = setting.group;
    out += "| " + code("--" + std::string(setting.flag) + ' ' + std::string(setting.unit)) + " | " +
           code(setting.environment) + " | " + code(default_of(setting)) + " | " +
           cell(allowed(setting)) + " | " + cell(setting.help) + " |\n";
  }
  out += "\n## Command line\n" + table_of(commands());
  for (const Subcommand& subcommand : subcommands()) {
    out += fmt::format("\n## heliograph {}\n\n{}.\n", subcommand.name, subcommand.help);
    out += table_of(subcommand.flags);
  }
  return out;
}

std::string limits_docs() {
  std::string out(kLimitsIntroduction);
  for (const LimitNote& note : limit_notes()) {
    const Setting& setting = *setting_of_key(note.flag);
    out += "| " + code(setting.environment) + " | " + code(default_of(setting)) + " | " +
           cell(note.reached) + " | " + cell(note.sizing) + " |\n";
  }
  out += kFixedLimitsTitle;
  for (const FixedLimit& limit : fixed_limits()) {
    out +=
        "| " + cell(limit.what) + " | " + cell(limit.value) + " | " + cell(limit.reached) + " |\n";
  }
  return out;
}

}  // namespace heliograph::config
