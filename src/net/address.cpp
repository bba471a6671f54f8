#include "net/address.hpp"

#include <array>

#include <arpa/inet.h>
#include <netinet/in.h>

namespace heliograph::net {

std::string address_text(const sockaddr_storage& address) {
  constexpr std::size_t kMappedPrefixBytes = 12;
  const void* bytes = nullptr;
  int family = address.ss_family;
  if (family == AF_INET) {
    bytes = &reinterpret_cast<const sockaddr_in&>(address).sin_addr;
  } else if (family == AF_INET6) {
    const in6_addr& ipv6 = reinterpret_cast<const sockaddr_in6&>(address).sin6_addr;
    const bool is_mapped = IN6_IS_ADDR_V4MAPPED(&ipv6);
    bytes = is_mapped ? &ipv6.s6_addr[kMappedPrefixBytes] : &ipv6.s6_addr[0];
    if (is_mapped) family = AF_INET;
  }
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (bytes == nullptr || !::inet_ntop(family, bytes, text.data(), text.size())) return {};
  return text.data();
}

std::string peer_address(int socket) {
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  if (::getpeername(socket, reinterpret_cast<sockaddr*>(&address), &length) != 0) return {};
  return address_text(address);
}

}  // namespace heliograph::net
