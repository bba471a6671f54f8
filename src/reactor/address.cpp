#include "reactor/address.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <span>

#include <arpa/inet.h>
#include <netinet/in.h>

namespace heliograph::reactor {
namespace {

constexpr std::array<unsigned char, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr unsigned kMappedBits = 96;

base::IpAddress mapped(const in_addr& ipv4) {
  base::IpAddress ip;
  std::ranges::copy(kMapped, ip.bytes.begin());
  std::memcpy(ip.bytes.data() + kMapped.size(), &ipv4, sizeof ipv4);
  return ip;
}

bool has_bits_behind(const base::IpNetwork& network) {
  for (unsigned bit = network.prefix_bits; bit < 128; ++bit) {
    if ((network.first.bytes[bit / 8] >> (7 - bit % 8) & 1) != 0) return true;
  }
  return false;
}

std::optional<unsigned> parse_number(std::string_view text, unsigned most) {
  unsigned number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number > most) {
    return std::nullopt;
  }
  return number;
}

}  // namespace

base::IpAddress ip_address(const sockaddr_storage& address) {
  if (address.ss_family == AF_INET) {
    return mapped(reinterpret_cast<const sockaddr_in&>(address).sin_addr);
  }
  base::IpAddress ip;
  if (address.ss_family == AF_INET6) {
    std::memcpy(ip.bytes.data(), &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr,
                ip.bytes.size());
  }
  return ip;
}

base::IpAddress peer_address(int socket) {
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  if (::getpeername(socket, reinterpret_cast<sockaddr*>(&address), &length) != 0) return {};
  return ip_address(address);
}

std::string text(const base::IpAddress& address) {
  std::array<char, INET6_ADDRSTRLEN> characters{};
  const char* const written =
      base::is_ipv4(address)
          ? ::inet_ntop(AF_INET, address.bytes.data() + kMapped.size(), characters.data(),
                        characters.size())
          : ::inet_ntop(AF_INET6, address.bytes.data(), characters.data(), characters.size());
  return written ? written : std::string{};
}

std::optional<base::IpAddress> parse_address(std::string_view text) {
  if (text.size() >= INET6_ADDRSTRLEN || text.find('\0') != std::string_view::npos) {
    return std::nullopt;
  }
  const std::string terminated(text);
  in_addr ipv4{};
  if (::inet_pton(AF_INET, terminated.c_str(), &ipv4) == 1) return mapped(ipv4);
  base::IpAddress ipv6;
  if (::inet_pton(AF_INET6, terminated.c_str(), ipv6.bytes.data()) == 1) return ipv6;
  return std::nullopt;
}

std::optional<base::IpNetwork> parse_network(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto address = parse_address(text.substr(0, slash));
  if (!address) return std::nullopt;
  if (slash == std::string_view::npos) return base::IpNetwork{.first = *address};
  const bool is_ipv6_text = text.find(':') != std::string_view::npos;
  const unsigned before = is_ipv6_text ? 0 : kMappedBits;
  const auto bits = parse_number(text.substr(slash + 1), 128 - before);
  if (!bits) return std::nullopt;
  const base::IpNetwork network{.first = *address, .prefix_bits = before + *bits};
  if (has_bits_behind(network)) return std::nullopt;
  return network;
}

bool is_network(std::string_view text) { return parse_network(text).has_value(); }

}  // namespace heliograph::reactor
