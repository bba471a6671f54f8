#include "reactor/address.hpp"

#include <cstring>
#include <string>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

namespace heliograph::reactor {
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

TEST(AddressTest, IsWrittenAsPeopleWriteIt) {
  EXPECT_EQ(text(ip_address(ipv4("203.0.113.7"))), "203.0.113.7");
  EXPECT_EQ(text(ip_address(ipv6("2001:db8::1"))), "2001:db8::1");
  EXPECT_EQ(text(ip_address(ipv6("::1"))), "::1");
}

TEST(AddressTest, Ipv4MappedIpv6IsIpv4) {
  EXPECT_EQ(text(ip_address(ipv6("::ffff:203.0.113.7"))), "203.0.113.7");
  EXPECT_EQ(ip_address(ipv6("::ffff:203.0.113.7")), ip_address(ipv4("203.0.113.7")));
}

TEST(AddressTest, IsReadAsItIsWritten) {
  for (const char* const address : {"203.0.113.7", "2001:db8::1", "::1", "::"}) {
    const auto parsed = parse_address(address);
    ASSERT_TRUE(parsed) << address;
    EXPECT_EQ(text(*parsed), address);
  }
  EXPECT_EQ(parse_address("::ffff:203.0.113.7"), parse_address("203.0.113.7"));
  for (const char* const wrong : {"", "localhost", "1.2.3", "1.2.3.4.5", "1.2.3.256",
                                  "fe80::1%eth0", "[::1]", "1.2.3.4:80", " 1.2.3.4"}) {
    EXPECT_FALSE(parse_address(wrong)) << wrong;
  }
  EXPECT_FALSE(parse_address(std::string_view("1.2.3.4\0", 8)));
}

TEST(NetworkTest, IsAnAddressOrAPrefixOfOne) {
  for (const char* const network : {"10.0.0.0/8", "0.0.0.0/0", "::/0", "2001:db8::/32", "::1",
                                    "192.0.2.1", "192.0.2.1/32", "::1/128"}) {
    EXPECT_TRUE(is_network(network)) << network;
  }
  for (const char* const wrong : {"10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "/8",
                                  "10.0.0.0/8/8", "2001:db8::1/64", "::/129", "proxy", ""}) {
    EXPECT_FALSE(is_network(wrong)) << wrong;
  }
  EXPECT_TRUE(parse_network("10.0.0.0/8")->contains(*parse_address("10.9.8.7")));
  EXPECT_FALSE(parse_network("10.0.0.0/8")->contains(*parse_address("11.9.8.7")));
  EXPECT_FALSE(parse_network("0.0.0.0/0")->contains(*parse_address("::1")));
}

TEST(AddressTest, OfASocketThatIsNotConnectedIsUnspecified) {
  EXPECT_EQ(text(peer_address(-1)), "::");
}

}  // namespace
}  // namespace heliograph::reactor
