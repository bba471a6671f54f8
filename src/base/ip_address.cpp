#include "base/ip_address.hpp"

#include <algorithm>
#include <cstring>
#include <span>
#include <string_view>

namespace heliograph::base {
namespace {

constexpr std::size_t kMappedBytes = 12;
constexpr std::size_t kCountedBytes = 8;  // of IPv6

}  // namespace

bool is_ipv4(const IpAddress& address) {
  constexpr std::array<unsigned char, kMappedBytes> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255};
  return std::ranges::equal(kMapped, std::span(address.bytes).first<kMappedBytes>());
}

bool is_loopback(const IpAddress& address) {
  if (is_ipv4(address)) return address.bytes[kMappedBytes] == 127;
  IpAddress loopback;
  loopback.bytes.back() = 1;
  return address == loopback;
}

bool is_private(const IpAddress& address) {
  if (!is_ipv4(address)) return (address.bytes[0] & 0xfe) == 0xfc;
  const unsigned first = address.bytes[kMappedBytes];
  const unsigned second = address.bytes[kMappedBytes + 1];
  return first == 10 || (first == 172 && second >= 16 && second < 32) ||
         (first == 192 && second == 168) || (first == 100 && second >= 64 && second < 128);
}

IpAddress counted_as(const IpAddress& address) {
  if (is_ipv4(address)) return address;
  IpAddress network = address;
  std::ranges::fill(std::span(network.bytes).subspan(kCountedBytes), 0);
  return network;
}

bool IpNetwork::contains(const IpAddress& address) const {
  const std::size_t whole = prefix_bits / 8;
  if (!std::equal(first.bytes.begin(), first.bytes.begin() + static_cast<std::ptrdiff_t>(whole),
                  address.bytes.begin())) {
    return false;
  }
  const unsigned rest = prefix_bits % 8;
  if (rest == 0) return true;
  const unsigned mask = 0xffU << (8 - rest) & 0xffU;
  return ((first.bytes[whole] ^ address.bytes[whole]) & mask) == 0;
}

std::size_t IpAddressHash::operator()(const IpAddress& address) const {
  return std::hash<std::string_view>{}(
      {reinterpret_cast<const char*>(address.bytes.data()), address.bytes.size()});
}

}  // namespace heliograph::base
