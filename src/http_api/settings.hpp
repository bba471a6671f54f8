#pragma once

#include <string>

#include "auth/failures.hpp"
#include "auth/ice_servers.hpp"

namespace heliograph::http_api {

struct Settings {
  // Password of `POST /app`; empty lets nobody in.
  std::string app_pass;
  // Whether the embedded demo and its configuration, with an app token, are served.
  bool demo = false;
  // The servers that `GET /ice-servers` returns.
  auth::IceServers ice_servers;
  // Folder that replaces the embedded demo; empty means none.
  std::string public_dir;
  // The sites that may show the pages of either in a frame: the sources of a CSP frame-ancestors
  // directive, the keywords `none` and `self` with or without their quotes.
  std::string frame_ancestors = "none";
  // Of the addresses that ask for app tokens.
  auth::FailureLimit failures;
};

}  // namespace heliograph::http_api
