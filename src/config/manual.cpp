#include "config/manual.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "config/environment_file.hpp"
#include "config/flags.hpp"
#include "config/setting.hpp"

namespace heliograph::config {

namespace {

// Text of a man page: no dash that may become a typographic one, and no control line.
std::string roff(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else if (c == '\'' && out.empty()) {
      out += "\\(aq";
    } else if (c == '.' && out.empty()) {
      out += "\\&.";
    } else {
      out += c;
    }
  }
  return out;
}

std::string man_flag(std::string_view flag, std::string_view unit, std::string_view help) {
  const std::string value = unit.empty() ? "" : fmt::format(" \\fI{}\\fR", roff(unit));
  return fmt::format(".TP\n\\fB\\-\\-{}\\fR{}\n{}.\n", roff(flag), value, roff(help));
}

std::string man_setting(const Setting& setting) {
  Config defaults;
  const std::string value = value_of(defaults, setting);
  std::string help(setting.help);
  help += fmt::format(". Variable: {}", setting.environment);
  if (!value.empty()) help += fmt::format("; default: {}", value);
  return man_flag(setting.flag, setting.unit, help);
}

constexpr std::string_view kManStart = R"(.SH NAME
heliograph \- signalling server for WebRTC
.SH SYNOPSIS
.B heliograph
.RI [ FLAG " [" VALUE ]]...
.br
.B heliograph setup
.RI [\-\-environment\-file " FILE" "] [\-\-public\-url " URL ]
.br
.B heliograph token \-\-app
.I NAME
.RI [\-\-lifetime " SECONDS" "] [\-\-environment\-file " FILE ]
.br
.B heliograph \-\-health
.RI [ URL "] [\-\-wait " SECONDS ]
.SH DESCRIPTION
Peers connect with any Socket.IO client, authenticate with an app token, create and join rooms,
and exchange session descriptions and ICE candidates.
.PP
Each setting is a flag, a variable, or a line of the TOML file that
.B \-\-config
names, where its key is the flag without its dashes. The first of these that has a value counts:
flag, environment, the file that
.B \-\-environment\-file
names, TOML file, default.
.B setup\fR,
.B token\fR,
.B \-\-health
and
.B \-\-check\-config
use /etc/heliograph/environment unless another file is named.
)";

constexpr std::string_view kManEnd = R"(.SH EXIT STATUS
0 if the server was stopped by a signal or the subcommand did its work; 1 if the configuration or
the start failed, or if the server that
.B \-\-health
asks is not healthy.
.SH SEE ALSO
.BR systemctl (1),
.BR journalctl (1)
)";

// In single quotes.
std::string shell_word(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') {
      out += R"('\'')";
    } else {
      out += c;
    }
  }
  return out + "'";
}

std::vector<Command> all_flags() {
  std::vector<Command> flags(commands().begin(), commands().end());
  for (const Setting& setting : settings()) {
    flags.push_back({setting.flag, setting.unit, setting.help});
  }
  return flags;
}

bool takes_path(const Command& flag) { return flag.unit == "FILE" || flag.unit == "FOLDER"; }

std::string names(std::span<const Command> flags) {
  std::string out;
  for (const Command& flag : flags) out.append(out.empty() ? "--" : " --").append(flag.flag);
  return out;
}

// Flags whose value is the path of a file or a folder.
std::string path_flags() {
  std::string out;
  for (const Command& flag : all_flags()) {
    if (takes_path(flag)) out.append(out.empty() ? "--" : "|--").append(flag.flag);
  }
  return out;
}

std::string bash_completion() {
  std::string cases;
  std::string words;
  for (const Subcommand& subcommand : subcommands()) {
    words += std::string(subcommand.name) + ' ';
    cases += fmt::format("    {}) words+=' {}' ;;\n", subcommand.name, names(subcommand.flags));
  }
  return fmt::format(
      R"(# bash completion of heliograph; made by `heliograph --print-completion bash`
_heliograph() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD - 1]}}
  local words='{}'
  case $previous in
    {})
      mapfile -t COMPREPLY < <(compgen -f -- "$current")
      return
      ;;
  esac
  case ${{COMP_WORDS[1]}} in
{}    *) ((COMP_CWORD > 1)) || words+=' {}' ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}}
complete -F _heliograph heliograph
)",
      names(all_flags()), path_flags(), cases, words.substr(0, words.size() - 1));
}

// An argument of zsh's _arguments: `--flag[help]:unit:action`.
std::string zsh_argument(const Command& flag) {
  std::string help;
  for (const char c : flag.help) {
    if (c == '[' || c == ']' || c == '\\' || c == ':') help += '\\';
    help += c;
  }
  std::string argument = fmt::format("--{}[{}]", flag.flag, help);
  if (!flag.unit.empty()) {
    const bool is_optional = flag.unit.front() == '[';
    std::string unit(flag.unit);
    std::erase_if(unit, [](char c) { return c == '[' || c == ']' || c == ':'; });
    argument +=
        fmt::format("{}{}:{}", is_optional ? "::" : ":", unit, takes_path(flag) ? "_files" : " ");
  }
  return shell_word(argument);
}

std::string zsh_arguments(std::span<const Command> flags) {
  std::string out;
  for (const Command& flag : flags) out += " \\\n    " + zsh_argument(flag);
  return out;
}

std::string zsh_completion() {
  std::string described;
  std::string cases;
  for (const Subcommand& subcommand : subcommands()) {
    described += ' ' + shell_word(fmt::format("{}:{}", subcommand.name, subcommand.help));
    cases +=
        fmt::format("    {}) more=({}) ;;\n", subcommand.name, zsh_arguments(subcommand.flags));
  }
  return fmt::format(R"(#compdef heliograph
# zsh completion of heliograph; made by `heliograph --print-completion zsh`
_heliograph() {{
  local -a more subcommands=({})
  if ((CURRENT == 2)) && [[ $words[2] != -* ]]; then
    _describe subcommand subcommands
    return
  fi
  case $words[2] in
{}  esac
  _arguments '*::' "${{more[@]}}"{}
}}
_heliograph "$@"
)",
                     described.substr(1), cases, zsh_arguments(all_flags()));
}

}  // namespace

std::string man_page() {
  std::string out = fmt::format(".TH HELIOGRAPH 1 \"\" \"heliograph {}\"\n", HELIOGRAPH_VERSION);
  out += kManStart;
  out += ".SH SUBCOMMANDS\n";
  for (const Subcommand& subcommand : subcommands()) {
    out += fmt::format(".SS {}\n{}.\n", subcommand.name, roff(subcommand.help));
    for (const Command& flag : subcommand.flags) out += man_flag(flag.flag, flag.unit, flag.help);
  }
  out += ".SH FLAGS\n";
  for (const Command& command : commands())
    out += man_flag(command.flag, command.unit, command.help);
  std::optional<Group> group;
  for (const Setting& setting : settings()) {
    if (group != setting.group) out += fmt::format(".SS {}\n", roff(title_of(setting.group)));
    group = setting.group;
    out += man_setting(setting);
  }
  out += fmt::format(".SH FILES\n.TP\n.I {}\nThe variables of the package's service.\n",
                     roff(kEnvironmentFile));
  out += kManEnd;
  return out;
}

std::string completion(std::string_view shell) {
  return shell == "zsh" ? zsh_completion() : bash_completion();
}

}  // namespace heliograph::config
