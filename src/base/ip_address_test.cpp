#include "base/ip_address.hpp"

#include <initializer_list>

#include <gtest/gtest.h>

namespace heliograph::base {
namespace {

IpAddress ipv4(unsigned char a, unsigned char b, unsigned char c, unsigned char d) {
  return {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, a, b, c, d}};
}

TEST(IpAddressTest, LoopbackIsOfBothFamilies) {
  EXPECT_TRUE(is_loopback(ipv4(127, 0, 0, 1)));
  EXPECT_TRUE(is_loopback(ipv4(127, 255, 3, 4)));
  EXPECT_TRUE(is_loopback({{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}}));
  EXPECT_FALSE(is_loopback(ipv4(128, 0, 0, 1)));
  EXPECT_FALSE(is_loopback({}));
}

TEST(IpAddressTest, PrivateAddressesAreThoseOfTheStandards) {
  for (const IpAddress& address :
       {ipv4(10, 1, 2, 3), ipv4(172, 16, 0, 1), ipv4(172, 31, 255, 255), ipv4(192, 168, 1, 1),
        ipv4(100, 64, 0, 1), ipv4(100, 127, 9, 9), IpAddress{{0xfc}}, IpAddress{{0xfd, 1}}}) {
    EXPECT_TRUE(is_private(address));
  }
  for (const IpAddress& address :
       {ipv4(11, 0, 0, 1), ipv4(172, 15, 0, 1), ipv4(172, 32, 0, 1), ipv4(192, 169, 0, 1),
        ipv4(100, 63, 0, 1), ipv4(100, 128, 0, 1), IpAddress{{0xfe, 0x80}}, IpAddress{{0x20, 1}}}) {
    EXPECT_FALSE(is_private(address));
  }
}

TEST(IpAddressTest, Ipv6CountsByItsNetworkAndIpv4ByItself) {
  const IpAddress one{{0x20, 1, 0xd, 0xb8, 0, 0, 0, 7, 1, 2, 3, 4, 5, 6, 7, 8}};
  const IpAddress other{{0x20, 1, 0xd, 0xb8, 0, 0, 0, 7, 9, 9}};
  const IpAddress neighbour{{0x20, 1, 0xd, 0xb8, 0, 0, 0, 8, 9, 9}};
  EXPECT_EQ(counted_as(one), counted_as(other));
  EXPECT_NE(counted_as(one), counted_as(neighbour));
  EXPECT_NE(counted_as(ipv4(10, 0, 0, 1)), counted_as(ipv4(10, 0, 0, 2)));
}

TEST(IpNetworkTest, ContainsWhatBeginsAsItDoes) {
  const IpNetwork network{.first = ipv4(192, 168, 8, 0), .prefix_bits = 96 + 21};
  EXPECT_TRUE(network.contains(ipv4(192, 168, 8, 0)));
  EXPECT_TRUE(network.contains(ipv4(192, 168, 15, 255)));
  EXPECT_FALSE(network.contains(ipv4(192, 168, 16, 0)));
  EXPECT_FALSE(network.contains({}));
  EXPECT_TRUE((IpNetwork{.first = {}, .prefix_bits = 0}).contains(ipv4(1, 2, 3, 4)));
  EXPECT_TRUE((IpNetwork{.first = ipv4(1, 2, 3, 4)}).contains(ipv4(1, 2, 3, 4)));
  EXPECT_FALSE((IpNetwork{.first = ipv4(1, 2, 3, 4)}).contains(ipv4(1, 2, 3, 5)));
}

}  // namespace
}  // namespace heliograph::base
