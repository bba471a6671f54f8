#include "net/address.hpp"

#include <algorithm>
#include <cstring>
#include <span>

#include <arpa/inet.h>
#include <netinet/in.h>

namespace heliograph::net {
namespace {

constexpr std::array<unsigned char, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

}  // namespace

IpAddress ip_address(const sockaddr_storage& address) {
  IpAddress ip;
  if (address.ss_family == AF_INET6) {
    std::memcpy(ip.bytes.data(), &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr,
                ip.bytes.size());
  } else if (address.ss_family == AF_INET) {
    std::ranges::copy(kMapped, ip.bytes.begin());
    std::memcpy(ip.bytes.data() + kMapped.size(),
                &reinterpret_cast<const sockaddr_in&>(address).sin_addr,
                ip.bytes.size() - kMapped.size());
  }
  return ip;
}

IpAddress peer_address(int socket) {
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  if (::getpeername(socket, reinterpret_cast<sockaddr*>(&address), &length) != 0) return {};
  return ip_address(address);
}

std::string text(const IpAddress& address) {
  const bool is_ipv4 =
      std::ranges::equal(kMapped, std::span(address.bytes).first<kMapped.size()>());
  std::array<char, INET6_ADDRSTRLEN> characters{};
  const char* const written =
      is_ipv4 ? ::inet_ntop(AF_INET, address.bytes.data() + kMapped.size(), characters.data(),
                            characters.size())
              : ::inet_ntop(AF_INET6, address.bytes.data(), characters.data(), characters.size());
  return written ? written : std::string{};
}

}  // namespace heliograph::net
