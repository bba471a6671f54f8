#pragma once

#include <array>
#include <string>

#include <sys/socket.h>

namespace heliograph::net {

/// An IP address; IPv4 is kept as IPv4-mapped IPv6 (RFC 4291 §2.5.5.2).
struct IpAddress {
  std::array<unsigned char, 16> bytes{};
  friend bool operator==(const IpAddress&, const IpAddress&) = default;
};

/// `::` for an address that is neither IPv4 nor IPv6.
IpAddress ip_address(const sockaddr_storage& address);

/// The address of a connected socket's other end; `::` if there is none any more.
IpAddress peer_address(int socket);

/// `192.0.2.1` for IPv4, in whichever form it came; else as RFC 5952 writes IPv6.
std::string text(const IpAddress& address);

}  // namespace heliograph::net
