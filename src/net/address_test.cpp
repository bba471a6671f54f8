#include "net/address.hpp"

#include <cstring>
#include <string>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

namespace heliograph::net {
namespace {

sockaddr_storage ipv4(const char* address) {
  sockaddr_in made{};
  made.sin_family = AF_INET;
  EXPECT_EQ(::inet_pton(AF_INET, address, &made.sin_addr), 1);
  sockaddr_storage storage{};
  std::memcpy(&storage, &made, sizeof made);
  return storage;
}

sockaddr_storage ipv6(const char* address) {
  sockaddr_in6 made{};
  made.sin6_family = AF_INET6;
  EXPECT_EQ(::inet_pton(AF_INET6, address, &made.sin6_addr), 1);
  sockaddr_storage storage{};
  std::memcpy(&storage, &made, sizeof made);
  return storage;
}

TEST(IpAddressTest, IsWrittenAsPeopleWriteIt) {
  EXPECT_EQ(text(ip_address(ipv4("203.0.113.7"))), "203.0.113.7");
  EXPECT_EQ(text(ip_address(ipv6("2001:db8::1"))), "2001:db8::1");
  EXPECT_EQ(text(ip_address(ipv6("::1"))), "::1");
}

TEST(IpAddressTest, Ipv4MappedIpv6IsIpv4) {
  EXPECT_EQ(text(ip_address(ipv6("::ffff:203.0.113.7"))), "203.0.113.7");
  EXPECT_EQ(ip_address(ipv6("::ffff:203.0.113.7")), ip_address(ipv4("203.0.113.7")));
}

TEST(IpAddressTest, OfASocketThatIsNotConnectedIsUnspecified) {
  EXPECT_EQ(text(peer_address(-1)), "::");
}

}  // namespace
}  // namespace heliograph::net
