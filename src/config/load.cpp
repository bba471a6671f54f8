#include "config/load.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "auth/crypto.hpp"
#include "base/utf8.hpp"
#include "config/checks.hpp"
#include "config/environment_file.hpp"
#include "config/file.hpp"
#include "config/flags.hpp"
#include "config/help.hpp"
#include "config/http_url.hpp"
#include "config/manual.hpp"
#include "config/setting.hpp"
#include "config/text_file.hpp"

namespace heliograph::config {

namespace {

// A value for a setting, and the place where it was found, in words. Without a setting it is no
// value, and the words say what is wrong.
struct Given {
  const Setting* setting;
  std::string text;
  std::string where;
  std::string_view name = {};  // the flag or the variable that it was given by
};

using Problems = std::vector<std::string>;

// Foreign text for a line of the terminal: short, and nothing but printable characters.
std::string in_quotes(std::string_view text) {
  constexpr std::size_t kMost = 60;
  std::string shown = "\"";
  for (const char c : text.substr(0, kMost)) shown += c >= ' ' && c <= '~' ? c : '?';
  if (text.size() > kMost) shown += "...";
  return shown + '"';
}

// ` "abc"`, or nothing where the value is nobody's to see.
std::string value_shown(const Setting& setting, std::string_view text) {
  return setting.secrecy != Secrecy::kNone ? "" : ' ' + in_quotes(text);
}

// What the settings are called in a file of one kind.
struct Names {
  const Setting* (*find)(std::string_view name);
  std::string_view Setting::* present;
  std::string_view Setting::* former;
};
constexpr Names kKeys{setting_of_key, &Setting::flag, &Setting::former_flag};
constexpr Names kVariables{setting_of_variable, &Setting::environment,
                           &Setting::former_environment};

std::string describe_unknown(const std::string& name, const Names& names) {
  std::string problem = in_quotes(name) + " is no setting";
  const std::optional<std::string_view> flag = nearest_flag(name);
  const Setting* const meant = flag ? setting_of_key(*flag) : nullptr;
  if (meant) problem += "; did you mean " + std::string(meant->*names.present) + '?';
  return problem;
}

void take_entries(const std::string& path, const std::vector<FileEntry>& entries,
                  const Names& names, std::vector<Given>& given) {
  for (const FileEntry& entry : entries) {
    const std::string place = path + ':' + std::to_string(entry.line) + ": ";
    const Setting* const setting = names.find(entry.key);
    if (!entry.problem.empty()) {
      const std::string key = entry.key.empty() ? "" : in_quotes(entry.key) + ": ";
      given.push_back({nullptr, "", place + key + entry.problem});
    } else if (!setting) {
      given.push_back({nullptr, "", place + describe_unknown(entry.key, names)});
    } else {
      const bool is_former = entry.key == setting->*names.former;
      given.push_back({setting, entry.text, place + entry.key + value_shown(*setting, entry.text),
                       setting->*(is_former ? names.former : names.present)});
    }
  }
}

void read_file(const std::string& path, std::vector<Given>& given) {
  const std::optional<std::string> text = read_text(path);
  if (!text) return given.push_back({nullptr, "", path + ": cannot be read"});
  take_entries(path, parse_file(*text), kKeys, given);
}

void read_environment_file(const std::string& path, std::vector<Given>& given) {
  const std::optional<std::string> text = read_text(path);
  if (!text) return given.push_back({nullptr, "", path + ": cannot be read"});
  std::vector<FileEntry> entries = parse_environment_file(*text);
  std::erase_if(entries, [](const FileEntry& entry) {  // an empty variable counts as unset
    return entry.problem.empty() && entry.text.empty() && setting_of_variable(entry.key);
  });
  take_entries(path, entries, kVariables, given);
}

void read_environment(const Environment& environment, std::vector<Given>& given) {
  for (const Setting& setting : settings()) {
    for (const std::string_view name : {setting.environment, setting.former_environment}) {
      const auto variable = environment.find(name);
      if (name.empty() || variable == environment.end() || variable->second.empty()) continue;
      given.push_back(
          {&setting, variable->second,
           std::string(name) + value_shown(setting, variable->second) + " in the environment",
           name});
    }
  }
}

void read_flags(const Flags& flags, std::vector<Given>& given) {
  for (const auto& [setting, flag, text] : flags.values) {
    given.push_back({setting, text, "--" + std::string(flag) + value_shown(*setting, text), flag});
  }
}

// The value of a setting whose text may be the path of a file: JSON begins with a bracket.
std::optional<std::string> value_or_content(const Setting& setting, const std::string& text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  const bool is_path =
      setting.may_be_path && first != std::string::npos && text[first] != '[' && text[first] != '{';
  return is_path ? read_text(text) : text;
}

// What is wrong with the value, in words; nothing where it was taken.
std::optional<std::string> take(Config& config, const Setting& setting, const std::string& text) {
  const std::optional<std::string> value = value_or_content(setting, text);
  if (value && assign(config, setting, *value)) return std::nullopt;
  std::string problem = "must be " + allowed(setting);
  if (!value) return problem + ": no such file can be read";
  const std::string why = setting.explain != nullptr ? setting.explain(*value) : "";
  return why.empty() ? problem : problem + ": " + why;
}

void make_up_secrets(Config& config) {
  if (config.gateway.app_secret.signing.empty()) {
    config.gateway.app_secret.signing = auth::random_hex(kLeastSecretBytes);
    config.app_secret_is_made_up = true;
  }
  if (config.http_api.app_pass.empty()) {
    config.http_api.app_pass = auth::random_hex(12);
    config.app_pass_is_made_up = true;
  }
}

bool is_given(const std::vector<Given>& given, const Setting& setting) {
  return std::ranges::find(given, &setting, &Given::setting) != given.end();
}

// A secret that was given, if wrongly, has been reported already.
void report_missing_secrets(const std::vector<Given>& given, Problems& problems) {
  for (const Setting& setting : settings()) {
    if (setting.secrecy != Secrecy::kSecret || is_given(given, setting)) continue;
    problems.push_back(std::string(setting.environment) + " is not set: production needs " +
                       allowed(setting) +
                       "; heliograph setup writes one for --environment-file, --dev makes one up");
  }
}

void report_missing_app_secret(const std::vector<Given>& given, const std::string& unread_file,
                               Problems& problems) {
  if (is_given(given, *setting_of_key("app-secret"))) return;
  std::string problem =
      "APP_SECRET is not set: tokens are signed with the server's, which heliograph setup makes";
  if (!unread_file.empty()) problem += "; " + unread_file + " cannot be read, maybe only by root";
  problems.push_back(std::move(problem));
}

// By two names it would be hard to tell which value counts.
void report_two_names(const std::vector<Given>& given, Problems& problems) {
  for (const Setting& setting : settings()) {
    const auto is_given_as = [&](std::string_view flag, std::string_view variable) {
      return std::ranges::any_of(given, [&](const Given& value) {
        return value.setting == &setting && (value.name == flag || value.name == variable);
      });
    };
    if (!is_given_as(setting.flag, setting.environment) ||
        !is_given_as(setting.former_flag, setting.former_environment)) {
      continue;
    }
    problems.push_back(fmt::format("{0} and {1} are both set: {1} is the former name of {0}",
                                   setting.environment, setting.former_environment));
  }
}

void report_half_of_turn(const std::vector<Given>& given, Problems& problems) {
  const bool has_urls = is_given(given, *setting_of_key("turn-urls"));
  const bool has_secret = is_given(given, *setting_of_key("turn-secret"));
  if (has_urls && !has_secret) {
    problems.emplace_back(
        "TURN_URLS is set and TURN_SECRET is not: without it no credential can "
        "be made for these servers");
  } else if (has_secret && !has_urls) {
    problems.emplace_back(
        "TURN_SECRET is set and TURN_URLS is not: it says which servers share "
        "the secret");
  }
}

// A node is to be taken for dead only when several of its heartbeats are missing.
void report_short_lease(const Config& config, Problems& problems) {
  if (config.link.cluster.timing.lease >= 3 * config.link.cluster.timing.heartbeat) return;
  problems.emplace_back(
      "CLUSTER_LEASE is less than three times CLUSTER_HEARTBEAT: a node would be taken for dead "
      "when it is only late");
}

// Else a description that is taken could not be received, sent, or kept for a client that returns.
void report_large_descriptions(const Config& config, Problems& problems) {
  struct Room {
    std::string_view name;
    std::size_t bytes;
  };
  for (const Room& room : {Room{"MAX_PAYLOAD", config.server.engineio.max_payload},
                           Room{"MAX_UNSENT_BYTES", config.server.reactor.max_unsent_bytes},
                           Room{"RECOVERY_PEER_BYTES", config.gateway.recovery.max_peer_bytes}}) {
    if (room.bytes > config.gateway.limits.max_description_bytes) continue;
    problems.push_back(fmt::format(
        "{} ({}) must be larger than MAX_DESCRIPTION_BYTES ({}): a session description has to fit",
        room.name, room.bytes, config.gateway.limits.max_description_bytes));
  }
}

void report_little_memory(const Config& config, Problems& problems) {
  constexpr std::size_t kLeast = 10'000'000;
  if (config.server.max_buffered_bytes == 0 || config.server.max_buffered_bytes >= kLeast) return;
  problems.push_back(fmt::format("MAX_BUFFERED_BYTES ({}) must be 0 or {} at least",
                                 config.server.max_buffered_bytes, kLeast));
}

void report_emitter_without_redis(const Config& config, const std::vector<Given>& given,
                                  Problems& problems) {
  if (!config.link.emitter.takes_emissions || is_given(given, *setting_of_key("redis-url"))) return;
  problems.emplace_back(
      "REDIS_EMITTER is on and REDIS_URL is not set: it says in which Redis events are published");
}

void report_proxy_protocol_without_proxies(const Config& config, Problems& problems) {
  if (!config.server.http.proxy_protocol || !config.server.http.trusted_proxies.empty()) return;
  problems.emplace_back(
      "PROXY_PROTOCOL is on and TRUSTED_PROXIES is not set: it says which proxies may connect");
}

// All problems, a line each, when asked for the check; else the first.
Exit failure(const Problems& problems, const Flags& flags) {
  const bool all = flags.check_config;
  std::string text;
  for (const std::string& problem : problems) {
    text += "heliograph: " + problem;
    if (!all && problems.size() > 1) {
      text += " (and " + std::to_string(problems.size() - 1) + " more: see --check-config)";
    }
    text += '\n';
    if (!all) break;
  }
  return {1, "", text};
}

Config assign_all(const Flags& flags, const std::vector<Given>& given, Problems& problems) {
  Config config;
  config.dev = flags.dev;
  config.http_api.demo = flags.dev;
  if (flags.dev) config.server.host = "localhost";
  for (const Given& value : given) {
    if (value.setting == nullptr) {
      problems.push_back(value.where);
    } else if (const auto problem = take(config, *value.setting, value.text)) {
      problems.push_back(value.where + ": " + *problem);
    }
  }
  return config;
}

// Of settings that do not go together.
void report_contradictions(const Config& config, const std::vector<Given>& given,
                           Problems& problems) {
  report_two_names(given, problems);
  report_half_of_turn(given, problems);
  report_short_lease(config, problems);
  report_large_descriptions(config, problems);
  report_little_memory(config, problems);
  report_emitter_without_redis(config, given, problems);
  report_proxy_protocol_without_proxies(config, problems);
}

// Whether there is such a file, or nobody lets us look.
bool may_be_there(const std::string& path) {
  std::error_code error;
  return std::filesystem::exists(path, error) || error == std::errc::permission_denied;
}

// All values that were given, lowest precedence first: each later one overwrites, but not before
// all were checked. Subcommands, --health and --check-config read the usual environment file
// without being told; if it is there and cannot be read, its path is left in `unread_file`.
std::vector<Given> read_all(const Flags& flags, const Environment& environment,
                            const std::string& usual_file, std::string& unread_file) {
  std::vector<Given> given;
  if (flags.config) read_file(*flags.config, given);
  const bool serves = std::holds_alternative<std::monostate>(flags.subcommand) && !flags.health &&
                      !flags.check_config;
  if (flags.environment_file) {
    read_environment_file(*flags.environment_file, given);
  } else if (!serves && read_text(usual_file)) {
    read_environment_file(usual_file, given);
  } else if (!serves && may_be_there(usual_file)) {
    unread_file = usual_file;
  }
  read_environment(environment, given);
  read_flags(flags, given);
  return given;
}

Task make_token(const Flags& flags, const TokenFlags& token, Config config, Problems problems) {
  constexpr std::size_t kMostAppBytes = 1'000;
  constexpr std::uint32_t kMostLifetime = 315'360'000;  // ten years, as of POST /app
  if (token.app.empty() || token.app.size() > kMostAppBytes || !base::is_valid_utf8(token.app)) {
    problems.emplace_back("--app must name the app that the token is for, in UTF-8");
  }
  if (token.lifetime && (*token.lifetime == 0 || *token.lifetime > kMostLifetime)) {
    problems.emplace_back(fmt::format("--lifetime must be from 1 to {}", kMostLifetime));
  }
  if (!problems.empty()) return failure(problems, flags);
  return MakeToken{.app_secret = std::move(config.gateway.app_secret),
                   .app = token.app,
                   .lifetime = token.lifetime};
}

// A host by which the machine reaches itself, if `host` stands for all of its addresses.
std::string host_to_ask(const std::string& host) {
  return host == "0.0.0.0" || host == "::" ? "127.0.0.1" : host;
}

Task check_health(const Flags& flags, const Config& config, std::string unread_file,
                  const Problems& problems) {
  const std::string path = config.server.base_path + "/healthz";
  CheckHealth check{.host = host_to_ask(config.server.host),
                    .port = std::to_string(config.server.port),
                    .path = path,
                    .begins_with_proxy_header = config.server.http.proxy_protocol,
                    .wait = std::chrono::seconds(flags.wait),
                    .unread_file = std::move(unread_file)};
  if (!flags.health->empty()) {
    const auto url = parse_http_url(*flags.health);
    if (!url) return failure({"--health must be an http:// URL"}, flags);
    check.host = url->host;
    check.port = url->port;
    check.path = url->path.empty() || url->path == "/" ? "/healthz" : url->path;
    check.begins_with_proxy_header = false;
    check.unread_file.clear();
  } else if (!problems.empty()) {
    return failure(problems, flags);
  }
  return check;
}

}  // namespace

Environment environment_from(const char* const* variables) {
  Environment environment;
  for (; *variables != nullptr; ++variables) {
    const std::string_view variable = *variables;
    const std::size_t equals = variable.find('=');
    if (equals == std::string_view::npos) continue;
    environment.emplace(variable.substr(0, equals), variable.substr(equals + 1));
  }
  return environment;
}

Task load(int argc, const char* const* argv, const Environment& environment,
          const std::string& usual_file) {
  const Flags flags = parse_flags(argc, argv);
  if (flags.problem) return failure({*flags.problem + " (see heliograph --help)"}, flags);
  if (flags.help) return Exit{0, help_text(), ""};
  if (flags.version) return Exit{0, "heliograph " HELIOGRAPH_VERSION "\n", ""};
  if (flags.print_configuration_docs) return Exit{0, configuration_docs(), ""};
  if (flags.print_limits_docs) return Exit{0, limits_docs(), ""};
  if (flags.print_man_page) return Exit{0, man_page(), ""};
  if (!flags.print_completion.empty()) return Exit{0, completion(flags.print_completion), ""};
  if (const auto* setup = std::get_if<SetupFlags>(&flags.subcommand)) {
    return WriteSecrets{.environment_file = flags.environment_file.value_or(usual_file),
                        .public_url = setup->public_url};
  }

  std::string unread_file;
  const std::vector<Given> given = read_all(flags, environment, usual_file, unread_file);
  Problems problems;
  Config config = assign_all(flags, given, problems);
  report_contradictions(config, given, problems);
  if (const auto* token = std::get_if<TokenFlags>(&flags.subcommand)) {
    report_missing_app_secret(given, unread_file, problems);
    return make_token(flags, *token, std::move(config), std::move(problems));
  }
  if (flags.health) return check_health(flags, config, std::move(unread_file), problems);
  if (config.dev) {
    make_up_secrets(config);
  } else {
    report_missing_secrets(given, problems);
  }
  if (!problems.empty()) return failure(problems, flags);
  if (flags.check_config) return Exit{0, "configuration is good\n", ""};
  return config;
}

}  // namespace heliograph::config
