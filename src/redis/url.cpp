#include "redis/url.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <iterator>
#include <system_error>
#include <utility>

#include "base/text.hpp"

namespace heliograph::redis {
namespace {

template <class Number>
bool read_number(std::string_view text, Number& number) {
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  return error == std::errc{} && rest == end;
}

bool read_user(std::string_view text, Address& address) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return false;
  auto user = base::percent_decode(text.substr(0, colon));
  auto password = base::percent_decode(text.substr(colon + 1));
  if (!user || !password || password->empty()) return false;
  address.user = *std::move(user);
  address.password = *std::move(password);
  return true;
}

bool read_host(std::string_view text, Host& host) {
  std::string_view port;
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return false;
    host.name = text.substr(1, end - 1);
    port = text.substr(end + 1);
  } else {
    const std::size_t colon = std::min(text.find(':'), text.size());
    host.name = text.substr(0, colon);
    port = text.substr(colon);
  }
  if (host.name.empty()) return false;
  if (port.empty()) return true;
  return port.front() == ':' && read_number(port.substr(1), host.port) && host.port != 0;
}

// Takes what stands in front of the separator, or all, and the separator.
std::string_view take_up_to(char separator, std::string_view& text) {
  const std::size_t end = std::min(text.find(separator), text.size());
  const std::string_view taken = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return taken;
}

bool read_hosts(std::string_view text, std::uint16_t usual_port, Address& address) {
  if (text.ends_with(',')) return false;
  do {
    Host& host = address.hosts.emplace_back();
    host.port = usual_port;
    if (!read_host(take_up_to(',', text), host)) return false;
  } while (!text.empty());
  return true;
}

struct Scheme {
  std::string_view name;
  bool uses_tls;
  bool has_sentinels;
};
constexpr Scheme kSchemes[] = {{"redis://", false, false},
                               {"rediss://", true, false},
                               {"redis+sentinel://", false, true},
                               {"rediss+sentinel://", true, true}};
constexpr std::uint16_t kRedisPort = 6379;
constexpr std::uint16_t kSentinelPort = 26379;

}  // namespace

std::optional<Address> parse_url(std::string_view url) {
  const auto* const scheme = std::ranges::find_if(
      kSchemes, [&](const Scheme& candidate) { return url.starts_with(candidate.name); });
  if (scheme == std::end(kSchemes)) return std::nullopt;
  url.remove_prefix(scheme->name.size());

  Address address;
  address.uses_tls = scheme->uses_tls;
  std::string_view authority = take_up_to('/', url);
  if (scheme->has_sentinels) {
    auto master = base::percent_decode(take_up_to('/', url));
    if (!master || master->empty()) return std::nullopt;
    address.master = *std::move(master);
  }
  if (!url.empty() && !read_number(url, address.database)) return std::nullopt;

  const std::size_t at = authority.rfind('@');
  if (at != std::string_view::npos) {
    if (!read_user(authority.substr(0, at), address)) return std::nullopt;
    authority.remove_prefix(at + 1);
  }
  const std::uint16_t usual_port = scheme->has_sentinels ? kSentinelPort : kRedisPort;
  if (!read_hosts(authority, usual_port, address)) return std::nullopt;
  return address;
}

}  // namespace heliograph::redis
