#pragma once

#include <string>

#include "auth/tokens.hpp"
#include "http_api/assets.hpp"
#include "http_api/message.hpp"

namespace heliograph::http_api {

struct Settings {
  // Password of `POST /app`; empty lets nobody in.
  std::string app_pass;
  // Whether the embedded demo and its configuration, with an app token, are served.
  bool demo = false;
  // RTCIceServer objects handed to the demo: a JSON array.
  std::string ice_servers = "[]";
  // Folder that replaces the embedded demo; empty means none.
  std::string public_dir;
};

// Answers every HTTP request but those for `/socket.io/` itself. Holds references to all it is
// given; one per worker, as its Tokens.
class Router {
 public:
  Router(const Settings& settings, const auth::Tokens& tokens, Assets assets);

  // HEAD is answered as GET, the body for the writer to leave out.
  Response handle(const Request& request) const;

 private:
  const Settings& settings_;
  const auth::Tokens& tokens_;
  Assets assets_;
};

}  // namespace heliograph::http_api
