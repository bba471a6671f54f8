#include "net/address.hpp"

#include <string>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

namespace heliograph::net {
namespace {

sockaddr_storage ipv4(const char* text) {
  sockaddr_storage address{};
  auto& in = reinterpret_cast<sockaddr_in&>(address);
  in.sin_family = AF_INET;
  in.sin_port = htons(5000);
  EXPECT_EQ(::inet_pton(AF_INET, text, &in.sin_addr), 1);
  return address;
}

sockaddr_storage ipv6(const char* text) {
  sockaddr_storage address{};
  auto& in = reinterpret_cast<sockaddr_in6&>(address);
  in.sin6_family = AF_INET6;
  in.sin6_port = htons(5000);
  EXPECT_EQ(::inet_pton(AF_INET6, text, &in.sin6_addr), 1);
  return address;
}

TEST(AddressText, IsTheAddressWithoutItsPort) {
  EXPECT_EQ(address_text(ipv4("192.0.2.1")), "192.0.2.1");
  EXPECT_EQ(address_text(ipv6("2001:db8:0:0:0:0:0:1")), "2001:db8::1");
  EXPECT_EQ(address_text(ipv6("::1")), "::1");
}

TEST(AddressText, AMappedAddressIsTheOneOfIpv4) {
  EXPECT_EQ(address_text(ipv6("::ffff:192.0.2.1")), "192.0.2.1");
  EXPECT_EQ(address_text(ipv6("::ffff:127.0.0.1")), address_text(ipv4("127.0.0.1")));
  EXPECT_EQ(address_text(ipv6("64:ff9b::c000:201")), "64:ff9b::c000:201") << "not one of those";
}

TEST(AddressText, IsEmptyForOtherFamilies) { EXPECT_EQ(address_text({}), ""); }

TEST(PeerAddress, IsEmptyWithoutAConnection) { EXPECT_EQ(peer_address(-1), ""); }

}  // namespace
}  // namespace heliograph::net
