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

/// Where a Redis (or Valkey) server is, and as whom to speak to it.
struct Address {
  std::vector<Host> hosts;     // one at least: servers of a Redis Cluster, or Sentinels
  std::string master{};        // what the Sentinels call it; empty where `hosts` are none
  std::string user{};          // of an ACL; empty: the default user
  std::string password{};      // empty: no AUTH
  std::uint32_t database = 0;  // SELECTed where it is not 0
  bool uses_tls = false;

  friend bool operator==(const Address&, const Address&) = default;
};

/// `redis://[[user]:password@]host[:port][,host[:port]…][/database]`, and
/// `redis+sentinel://[[user]:password@]host[:port][,…]/master[/database]`; `rediss` for TLS. What
/// is percent-encoded is decoded, an IPv6 address stands in brackets. Nothing where it is not of
/// that form.
std::optional<Address> parse_url(std::string_view url);

}  // namespace heliograph::redis
