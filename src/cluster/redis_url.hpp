#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace heliograph::cluster {

/// Where a Redis (or Valkey) server is, and as whom to speak to it.
struct RedisAddress {
  std::string host = "127.0.0.1";
  std::uint16_t port = 6379;
  std::string user{};          // of an ACL; empty: the default user
  std::string password{};      // empty: no AUTH
  std::uint32_t database = 0;  // SELECTed where it is not 0
  bool uses_tls = false;

  friend bool operator==(const RedisAddress&, const RedisAddress&) = default;
};

/// `redis://[[user]:password@]host[:port][/database]`, `rediss://` for TLS, as redis-cli's -u reads
/// it; what is percent-encoded is decoded, an IPv6 address stands in brackets. Nothing where it is
/// not of that form.
std::optional<RedisAddress> parse_redis_url(std::string_view url);

}  // namespace heliograph::cluster
