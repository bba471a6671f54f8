#include "cluster/redis_url.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <system_error>
#include <utility>

#include "base/text.hpp"

namespace heliograph::cluster {
namespace {

constexpr std::string_view kPlainScheme = "redis://";
constexpr std::string_view kTlsScheme = "rediss://";

template <class Number>
bool read_number(std::string_view text, Number& number) {
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  return error == std::errc{} && rest == end;
}

bool read_user(std::string_view text, RedisAddress& address) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return false;
  auto user = base::percent_decode(text.substr(0, colon));
  auto password = base::percent_decode(text.substr(colon + 1));
  if (!user || !password || password->empty()) return false;
  address.user = *std::move(user);
  address.password = *std::move(password);
  return true;
}

bool read_host(std::string_view text, RedisAddress& address) {
  std::string_view port;
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return false;
    address.host = text.substr(1, end - 1);
    port = text.substr(end + 1);
  } else {
    const std::size_t colon = std::min(text.find(':'), text.size());
    address.host = text.substr(0, colon);
    port = text.substr(colon);
  }
  if (address.host.empty()) return false;
  if (port.empty()) return true;
  return port.front() == ':' && read_number(port.substr(1), address.port) && address.port != 0;
}

}  // namespace

std::optional<RedisAddress> parse_redis_url(std::string_view url) {
  RedisAddress address;
  address.uses_tls = url.starts_with(kTlsScheme);
  if (!address.uses_tls && !url.starts_with(kPlainScheme)) return std::nullopt;
  url.remove_prefix(address.uses_tls ? kTlsScheme.size() : kPlainScheme.size());

  const std::size_t slash = std::min(url.find('/'), url.size());
  std::string_view authority = url.substr(0, slash);
  const std::string_view database = url.substr(std::min(slash + 1, url.size()));
  if (!database.empty() && !read_number(database, address.database)) return std::nullopt;

  const std::size_t at = authority.rfind('@');
  if (at != std::string_view::npos) {
    if (!read_user(authority.substr(0, at), address)) return std::nullopt;
    authority.remove_prefix(at + 1);
  }
  if (!read_host(authority, address)) return std::nullopt;
  return address;
}

}  // namespace heliograph::cluster
