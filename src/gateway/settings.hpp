#pragma once

#include <chrono>

#include "auth/failures.hpp"
#include "auth/ice_servers.hpp"
#include "auth/secrets.hpp"
#include "base/assembly.hpp"
#include "base/log.hpp"
#include "gateway/recovery_settings.hpp"
#include "signaling/doors.hpp"
#include "signaling/limits.hpp"

namespace heliograph::gateway {

/// The settings of a Hub. They do not change while it lives.
struct HubSettings {
  signaling::Limits limits;
  /// Time that a client has from its handshake to its CONNECT.
  std::chrono::milliseconds connect_timeout{5'000};
  /// Time that a client has for an event with attachments; grows with its size, see base::Assembly.
  std::chrono::milliseconds message_timeout = base::Assembly::kUsualPatience;
  /// How long a session token counts. It never outlives the app token that it was issued for.
  std::chrono::seconds token_lifetime{86'400};
  RecoverySettings recovery;
  /// Whether a request-error tells a client of a refused event that asked for no acknowledgement.
  bool sends_request_errors = true;
  /// Whether other back ends may emit events: see signaling/emission.hpp.
  bool takes_emissions = false;
  /// For tokens, pids and the digests of room passwords.
  auth::Secrets app_secret;
  /// Whether app tokens of the demo count: see auth::AppClaims::is_demo.
  bool takes_demo_tokens = false;
  /// The STUN and TURN servers in an auth-accept.
  auth::IceServers ice_servers;
  /// Counts wrong app tokens by address.
  auth::FailureLimit failures;
  /// Counts wrong passwords of rooms by address.
  signaling::GuessCounts guesses{};
  /// Is told of refused events and of memory that is freed; outlives the hub. May be null.
  base::Log* log = nullptr;
};

}  // namespace heliograph::gateway
