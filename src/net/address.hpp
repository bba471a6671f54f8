#pragma once

#include <string>

#include <sys/socket.h>

namespace heliograph::net {

/// An IP address as text, without a port: "192.0.2.1", "2001:db8::1". An IPv4-mapped one is the
/// IPv4 address that it holds. Empty for other families.
std::string address_text(const sockaddr_storage& address);

/// The address of the other side of a connected socket; empty if there is none any more. Asks the
/// kernel each time, so that no connection has to keep it.
std::string peer_address(int socket);

}  // namespace heliograph::net
