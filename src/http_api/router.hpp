#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "auth/crypto.hpp"
#include "auth/ice_servers.hpp"
#include "auth/tokens.hpp"
#include "http_api/assets.hpp"
#include "http_api/message.hpp"

namespace heliograph::http_api {

struct Settings {
  // Password of `POST /app`; empty lets nobody in.
  std::string app_pass;
  // Whether the embedded demo and its configuration, with an app token, are served.
  bool demo = false;
  // What `GET /ice-servers` tells of.
  auth::IceServers ice_servers;
  // Folder that replaces the embedded demo; empty means none.
  std::string public_dir;
};

// A peer that is not there any more, and one that is, with the user for whom its TURN credentials
// are made.
struct Gone {};
struct Present {
  std::string turn_user;
};
// What this worker knows of the peer that a session token names.
using FindPeer = std::function<std::variant<Gone, Present, Elsewhere>(std::string_view id)>;

// Answers every HTTP request but those for `/socket.io/` itself. `tokens` and what `assets` views
// must outlive it. One per worker, as its Tokens.
class Router {
 public:
  Router(Settings settings, const auth::Tokens& tokens, Assets assets, FindPeer find_peer);

  // HEAD is answered as GET, the body for the writer to leave out.
  Answer handle(const Request& request) const;

 private:
  struct Route;
  static const Route kRoutes[];

  Response issue_app_token(const Request& request) const;
  Answer tell_ice_servers(const Request& request) const;
  Response demo_configuration() const;

  std::optional<Answer> routed(std::string_view path, const Request& request) const;
  Response file(std::string_view path, const Request& request) const;
  Response public_file(std::string_view path, const Request& request) const;
  Response asset(std::string_view path, const Request& request) const;
  bool is_password(std::string_view password) const;

  Settings settings_;
  const auth::Tokens& tokens_;
  Assets assets_;
  FindPeer find_peer_;
  // The password is compared by its code, so that not even its length shows.
  auth::HmacSha256 password_code_;
  auth::Sha256Digest expected_code_;
};

}  // namespace heliograph::http_api
