#pragma once

#include <string>

#include "auth/ice_servers.hpp"
#include "base/log.hpp"
#include "gateway/settings.hpp"
#include "http_api/settings.hpp"
#include "server/settings.hpp"

namespace heliograph::config {

// Everything that an operator can set, by the folder that reads it and with that folder's defaults.
// See docs/configuration.md.
struct Config {
  server::Settings server;
  server::NodeLinkSettings link;
  // commands/serve.cpp fills in what follows from other settings: of the gateway message_timeout,
  // takes_emissions, takes_demo_tokens, ice_servers, failures, guesses and log; of http_api
  // ice_servers and failures. Secrets have 32 bytes or more each, the password 12.
  gateway::HubSettings gateway;
  http_api::Settings http_api;

  // RTCIceServer objects that peers get unchanged, a JSON array as text.
  std::string ice_servers = "[]";
  // TURN servers, for which each peer gets its own credential.
  auth::TurnServers turn;

  // Development mode: secrets may be left out, and the demo is on unless it is set off.
  bool dev = false;
  // Whether `dev` made up the secret or the password because none was set.
  bool app_secret_is_made_up = false;
  bool app_pass_is_made_up = false;

  base::LogLevel log_level = base::LogLevel::kInfo;
  base::LogFormat log_format = base::LogFormat::kText;
};

}  // namespace heliograph::config
