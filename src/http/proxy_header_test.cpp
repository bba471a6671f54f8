#include "http/proxy_header.hpp"

#include <string>

#include <gtest/gtest.h>

namespace heliograph::http {
namespace {

const std::string kSignature("\r\n\r\n\0\r\nQUIT\n", 12);

std::string header(unsigned char command, unsigned char family, const std::string& rest) {
  std::string bytes = kSignature;
  bytes += static_cast<char>(command);
  bytes += static_cast<char>(family);
  bytes += static_cast<char>(rest.size() >> 8);
  bytes += static_cast<char>(rest.size() & 0xff);
  return bytes + rest;
}

const std::string kIpv4Part{'\xcb', 0, 113, 7, 10, 0, 0, 1, 0x12, 0x67, 0, 80};

std::string ipv6_part() {
  std::string part(36, '\0');
  part[0] = 0x20;
  part[1] = 0x01;
  part[15] = 7;
  return part;
}

std::string address_of(const std::string& bytes) {
  const auto result = read_proxy_header(bytes);
  const auto* read = std::get_if<ProxyHeader>(&result);
  if (!read) return "no header";
  return read->address ? reactor::text(*read->address) : "none";
}

TEST(ProxyHeaderTest, NamesTheClientOfEitherFamily) {
  EXPECT_EQ(address_of(header(0x21, 0x11, kIpv4Part)), "203.0.113.7");
  EXPECT_EQ(address_of(header(0x21, 0x21, ipv6_part())), "2001::7");
}

TEST(ProxyHeaderTest, WithMoreBehindTheAddressesIsRead) {
  const std::string bytes = header(0x21, 0x11, kIpv4Part + std::string(50, 'x'));
  EXPECT_EQ(address_of(bytes + "GET / HTTP/1.1"), "203.0.113.7");
  EXPECT_EQ(std::get<ProxyHeader>(read_proxy_header(bytes + "GET")).size, bytes.size());
}

TEST(ProxyHeaderTest, OfTheProxyItselfOrAnUnknownFamilyNamesNobody) {
  EXPECT_EQ(address_of(header(0x20, 0x00, "")), "none");
  EXPECT_EQ(address_of(header(0x20, 0x11, kIpv4Part)), "none");
  EXPECT_EQ(address_of(header(0x21, 0x00, "")), "none");
  EXPECT_EQ(address_of(header(0x21, 0x31, std::string(216, 'u'))), "none");
}

TEST(ProxyHeaderTest, EachBeginningIsIncomplete) {
  const std::string whole = header(0x21, 0x21, ipv6_part());
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_TRUE(std::holds_alternative<ProxyHeaderIncomplete>(
        read_proxy_header(std::string_view(whole).substr(0, size))))
        << size;
  }
}

TEST(ProxyHeaderTest, AnythingElseIsMalformedAtOnce) {
  for (const std::string& bytes :
       {std::string("G"), std::string("PROXY TCP4 1.2.3.4 1.2.3.5 1 2\r\n"), std::string("\r\nQ"),
        header(0x11, 0x11, kIpv4Part), header(0x22, 0x11, kIpv4Part),
        header(0x21, 0x11, kIpv4Part.substr(1)), header(0x21, 0x21, kIpv4Part),
        header(0x21, 0x11, std::string(4096, 'x'))}) {
    EXPECT_TRUE(std::holds_alternative<ProxyHeaderMalformed>(read_proxy_header(bytes))) << bytes;
  }
}

}  // namespace
}  // namespace heliograph::http
