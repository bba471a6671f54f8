#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ip_address.hpp"

namespace heliograph::auth {

// TURN servers that take time-limited credentials (turn.hpp), or none.
struct TurnServers {
  std::vector<std::string> urls;
  // Secrets that they share with us. The first signs; a second one is the previous one.
  std::vector<std::string> secrets;
  // From the time a credential is made until its servers refuse it.
  std::chrono::seconds lifetime{86'400};
};

// The user that TURN servers count by, until there are real users: the client's address, as limits
// count it, or the peer if there are no limits for its client (`::`).
std::string turn_user_name(const base::IpAddress& limited_address, std::string_view peer);

// The `iceServers` of an RTCConfiguration (W3C WebRTC §4.2.1) as peers are told them. Immutable;
// any thread may use it.
class IceServers {
 public:
  // None at all.
  IceServers() = default;

  // `others` is a JSON array of RTCIceServer objects, handed to everyone as they are. TURN servers
  // need a secret.
  IceServers(std::string_view others, const TurnServers& turn);

  // A JSON array, in which the TURN servers have a credential for this user of the app, made at
  // `now` (seconds since the Unix epoch). It does not reveal the user to them (turn_user). Empty if
  // there are no servers.
  std::string for_user(std::string_view app, std::string_view user, std::int64_t now) const;

  // How long that is valid; nullopt if nothing in it expires.
  std::optional<std::chrono::seconds> lifetime() const { return lifetime_; }

 private:
  // The array: all of it, or with TURN servers as far as their username.
  std::string begin_;
  std::string secret_;
  std::optional<std::chrono::seconds> lifetime_;
};

}  // namespace heliograph::auth
