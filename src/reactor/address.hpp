#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <sys/socket.h>

#include "base/ip_address.hpp"

namespace heliograph::reactor {

/// `::` for an address that is neither IPv4 nor IPv6.
base::IpAddress ip_address(const sockaddr_storage& address);

/// The address of a connected socket's other end; `::` if there is none any more.
base::IpAddress peer_address(int socket);

/// `192.0.2.1` for IPv4, in whichever form it came; else as RFC 5952 writes IPv6.
std::string text(const base::IpAddress& address);

/// `192.0.2.1` or `2001:db8::1` (RFC 4291 §2.2), without a zone.
std::optional<base::IpAddress> parse_address(std::string_view text);

/// `192.0.2.0/24`, `2001:db8::/32`, or one address. Bits behind the prefix must be 0.
std::optional<base::IpNetwork> parse_network(std::string_view text);
bool is_network(std::string_view text);

}  // namespace heliograph::reactor
