#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "auth/crypto.hpp"
#include "auth/failures.hpp"
#include "auth/ice_servers.hpp"
#include "auth/tokens.hpp"
#include "http_api/assets.hpp"
#include "http_api/message.hpp"
#include "http_api/settings.hpp"

namespace heliograph::http_api {

// A peer that has gone, and one that is present.
struct Gone {};
struct Present {};
// This worker's knowledge of the peer that a session token names. The peer also counts as gone if
// another token has replaced this one.
using FindPeer = std::function<std::variant<Gone, Present, Elsewhere>(
    const auth::SessionClaims& claims, std::int64_t unix_seconds)>;

// Whether new clients can be served: not if the server stops, nor if it has been without the
// cluster's Redis for longer than its lease.
enum class Readiness : std::uint8_t { kReady, kDraining, kRedisUnreachable };
using FindReadiness = std::function<Readiness(base::TimePoint now)>;

// The questions of a Router to the application beside it.
struct Questions {
  FindPeer find_peer;
  FindReadiness find_readiness;
};

// Answers every HTTP request but those for `/socket.io/` itself. `tokens` and what `assets` views
// must outlive it. One per worker, as its Tokens.
class Router {
 public:
  Router(Settings settings, const auth::Tokens& tokens, Assets assets, Questions questions);

  // HEAD is answered as GET; the writer leaves out the body.
  Answer handle(const Request& request) const;

  // Refuses a request by its head, so that its body need not be read.
  std::optional<http::Response> refuse_early(const Request& head) const;

  // The origins that may read the answer to a request for this target, including the answer to a
  // preflight and a refusal by others.
  static http::Sharing sharing_of(std::string_view target);

 private:
  struct Route;
  static const Route kRoutes[];

  http::Response issue_app_token(const Request& request) const;
  http::Response tell_readiness(const Request& request) const;
  Answer tell_ice_servers(const Request& request) const;
  http::Response demo_configuration(const Request& request) const;

  std::optional<Answer> routed(std::string_view path, const Request& request) const;
  http::Response file(std::string_view path, const Request& request) const;
  http::Response public_file(std::string_view path, const Request& request) const;
  http::Response asset(std::string_view path, const Request& request) const;
  void protect_demo(http::Response& response) const;
  void protect_public_page(http::Response& response) const;
  bool is_password(std::string_view password) const;
  base::Duration wait_for_app_request(const Request& request) const;

  Settings settings_;
  const auth::Tokens& tokens_;
  Assets assets_;
  Questions questions_;
  std::string frame_ancestors_;  // the directive
  // The password is compared by its code, so that not even its length shows.
  auth::HmacSha256 password_code_;
  auth::Sha256Digest expected_code_;
};

}  // namespace heliograph::http_api
