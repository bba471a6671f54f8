#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "reactor/address.hpp"

namespace heliograph::http {

/// The header in which proxies name the client that they forward for: `X-Forwarded-For`, a list of
/// addresses, or `Forwarded` (RFC 7239).
enum class ForwardedHeader : std::uint8_t { kXForwardedFor, kForwarded };

/// The client's address by what proxies say. `lines` are the header's lines in their order, which
/// make one list. The walk begins at `socket` and goes from the list's end to its front as long as
/// the address is one of `trusted`. It ends early, at the last good address, at an entry that is
/// no address.
struct Walked {
  base::IpAddress address;
  bool is_complete = true;  // false if such an entry ended it
};
Walked client_address(const base::IpAddress& socket, std::span<const std::string_view> lines,
                      ForwardedHeader header, std::span<const base::IpNetwork> trusted);

bool contains(std::span<const base::IpNetwork> networks, const base::IpAddress& address);

}  // namespace heliograph::http
