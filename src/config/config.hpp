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
  // Its secrets have 32 bytes or more each. What is not the operator's is not set here.
  gateway::HubSettings gateway;
  // Its password has 12 bytes or more. What is not the operator's is not set here.
  http_api::Settings http_api;

  // RTCIceServer objects that peers are told of as they are, a JSON array as text.
  std::string ice_servers = "[]";
  // TURN servers that peers are told of with a credential of their own.
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
