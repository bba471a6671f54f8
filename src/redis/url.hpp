#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace heliograph::redis {

struct Host {
  std::string name;
  std::uint16_t port = 0;

  friend bool operator==(const Host&, const Host&) = default;
};

/// The address of a Redis (or Valkey) server, and the user to sign in as.
struct Address {
  std::vector<Host> hosts;     // one at least: servers of a Redis Cluster, or Sentinels
  std::string master{};        // the Sentinels' name for it; empty if `hosts` are not Sentinels
  std::string user{};          // of an ACL; empty: the default user
  std::string password{};      // empty: no AUTH
  std::uint32_t database = 0;  // SELECTed if it is not 0
  bool uses_tls = false;

  friend bool operator==(const Address&, const Address&) = default;
};

/// `redis://[[user]:password@]host[:port][,host[:port]…][/database]`, and
/// `redis+sentinel://[[user]:password@]host[:port][,…]/master[/database]`; `rediss` for TLS.
/// Percent-encoding is decoded; an IPv6 address is in brackets. Nothing if the text does not have
/// that form.
std::optional<Address> parse_url(std::string_view url);

}  // namespace heliograph::redis
