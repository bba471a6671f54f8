#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace heliograph::base {

/// An IP address; IPv4 is kept as IPv4-mapped IPv6 (RFC 4291 §2.5.5.2). `::` stands for none.
struct IpAddress {
  std::array<unsigned char, 16> bytes{};
  friend bool operator==(const IpAddress&, const IpAddress&) = default;
};

bool is_ipv4(const IpAddress& address);
/// 127.0.0.0/8 and ::1.
bool is_loopback(const IpAddress& address);
/// RFC 1918, RFC 6598 (100.64.0.0/10) and RFC 4193 (fc00::/7).
bool is_private(const IpAddress& address);

/// The unit that one customer of a network has and that limits count: an IPv4 address, or the /64
/// that an IPv6 address is in, as its first address.
IpAddress counted_as(const IpAddress& address);

/// The addresses that begin with the same bits (RFC 4632 §3.1). IPv4 has its 96 bits more.
struct IpNetwork {
  IpAddress first;
  unsigned prefix_bits = 128;

  bool contains(const IpAddress& address) const;
};

struct IpAddressHash {
  std::size_t operator()(const IpAddress& address) const;
};

}  // namespace heliograph::base
