#pragma once

#include <chrono>
#include <string>

#include "auth/ice_servers.hpp"
#include "auth/secrets.hpp"
#include "base/log.hpp"
#include "cluster_redis/settings.hpp"
#include "engineio/settings.hpp"
#include "gateway/recovery_settings.hpp"
#include "http/settings.hpp"
#include "signaling/limits.hpp"

namespace heliograph::config {

// Everything that an operator can set, the defaults in place. See docs/configuration.md.
struct Config {
  // Keys of the tokens; 32 bytes or more each.
  auth::Secrets app_secret;
  // Password of `POST /app`; 12 bytes or more.
  std::string app_pass;
  // How long a session token is good.
  std::chrono::seconds token_lifetime{86'400};

  // Whether a client is told of refused events that have no acknowledgement: see request-error.
  bool send_request_errors = true;

  // RTCIceServer objects that peers are told of as they are, a JSON array as text.
  std::string ice_servers = "[]";
  // TURN servers that peers are told of with a credential of their own.
  auth::TurnServers turn;

  // Development mode: secrets may be left out, the demo is on.
  bool dev = false;
  // Whether `dev` made up the secret or the password because none was set.
  bool app_secret_is_made_up = false;
  bool app_pass_is_made_up = false;

  // Whether the demo is served and given an app token; on in development mode unless set.
  bool demo = false;
  // Folder whose files replace the embedded demo; empty means none.
  std::string public_dir;
  // Who may show the pages of either in a frame, as CSP writes it but for the quotes of keywords.
  std::string frame_ancestors = "none";

  http::Settings net;
  engineio::Settings engineio;
  signaling::Limits limits;
  gateway::RecoverySettings recovery;
  cluster::Settings cluster;

  base::LogLevel log_level = base::LogLevel::kInfo;
  base::LogFormat log_format = base::LogFormat::kText;
};

}  // namespace heliograph::config
