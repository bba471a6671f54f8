#include "http/proxy_header.hpp"

#include <algorithm>
#include <cstring>

#include <netinet/in.h>

namespace heliograph::http {
namespace {

// Section 2.2: twelve bytes, version and command, family and transport, length of what follows.
constexpr std::string_view kSignature("\r\n\r\n\0\r\nQUIT\n", 12);
constexpr std::size_t kFixedBytes = 16;
constexpr unsigned kLocal = 0x20;
constexpr unsigned kProxy = 0x21;
constexpr unsigned kTcpOverIpv4 = 0x11;
constexpr unsigned kTcpOverIpv6 = 0x21;
// Two addresses and two ports.
constexpr std::size_t kIpv4Bytes = 12;
constexpr std::size_t kIpv6Bytes = 36;

unsigned byte_at(std::string_view bytes, std::size_t place) {
  return static_cast<unsigned char>(bytes[place]);
}

base::IpAddress ipv4_address(std::string_view bytes) {
  sockaddr_storage storage{};
  auto& address = reinterpret_cast<sockaddr_in&>(storage);
  address.sin_family = AF_INET;
  std::memcpy(&address.sin_addr, bytes.data(), sizeof address.sin_addr);
  return reactor::ip_address(storage);
}

base::IpAddress ipv6_address(std::string_view bytes) {
  base::IpAddress address;
  std::memcpy(address.bytes.data(), bytes.data(), address.bytes.size());
  return address;
}

}  // namespace

std::variant<ProxyHeader, ProxyHeaderIncomplete, ProxyHeaderMalformed> read_proxy_header(
    std::string_view bytes) {
  const std::size_t compared = std::min(bytes.size(), kSignature.size());
  if (bytes.substr(0, compared) != kSignature.substr(0, compared)) return ProxyHeaderMalformed{};
  if (bytes.size() < kFixedBytes) return ProxyHeaderIncomplete{};
  const unsigned command = byte_at(bytes, 12);
  const unsigned family = byte_at(bytes, 13);
  const std::size_t length = byte_at(bytes, 14) << 8 | byte_at(bytes, 15);
  const std::size_t size = kFixedBytes + length;
  if (command != kLocal && command != kProxy) return ProxyHeaderMalformed{};
  if (size > kMostProxyHeaderBytes) return ProxyHeaderMalformed{};
  if (bytes.size() < size) return ProxyHeaderIncomplete{};
  ProxyHeader header{.size = size, .address = {}};
  if (command == kLocal) return header;
  const std::string_view addresses = bytes.substr(kFixedBytes, length);
  if (family == kTcpOverIpv4) {
    if (length < kIpv4Bytes) return ProxyHeaderMalformed{};
    header.address = ipv4_address(addresses);
  } else if (family == kTcpOverIpv6) {
    if (length < kIpv6Bytes) return ProxyHeaderMalformed{};
    header.address = ipv6_address(addresses);
  }
  return header;  // of another family, it names no address that we could use
}

}  // namespace heliograph::http
