#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <variant>

#include "auth/secrets.hpp"
#include "config/config.hpp"
#include "config/environment_file.hpp"

namespace heliograph::config {

// The program must print `out` and `err` and exit with `code`.
struct Exit {
  int code;
  std::string out;
  std::string err;
};

/// `heliograph setup`: write secrets into the environment file.
struct WriteSecrets {
  std::string environment_file;
  std::optional<std::string> public_url;
};

/// `heliograph token`: print an app token.
struct MakeToken {
  auth::Secrets app_secret;
  std::string app;
  std::optional<std::uint32_t> lifetime;  // seconds
};

/// `heliograph --health`: ask a server whether it is healthy.
struct CheckHealth {
  std::string host;  // a name, or an address without brackets
  std::string port;
  std::string path;
  bool begins_with_proxy_header = false;  // as PROXY_PROTOCOL demands
  std::chrono::seconds wait{0};           // for how long it is asked again if it does not answer
  std::string unread_file = {};           // that may say otherwise, if it could be read
};

using Environment = std::map<std::string, std::string, std::less<>>;

// Copies `name=value` strings up to the first null pointer, as `environ` holds them.
Environment environment_from(const char* const* variables);

/// With a Config the program serves; with any of the others it does that instead.
using Task = std::variant<Config, Exit, WriteSecrets, MakeToken, CheckHealth>;

/// Flags over environment over environment file over TOML file over defaults. Exit for `--help`,
/// `--version`, `--check-config` and for whatever is wrong; secrets appear in none of its texts. An
/// empty variable counts as unset.
/// `usual_file`: the environment file that `setup` writes to, and that `token` and `--health` read,
/// unless another one is named.
Task load(int argc, const char* const* argv, const Environment& environment,
          const std::string& usual_file = std::string(kEnvironmentFile));

}  // namespace heliograph::config
