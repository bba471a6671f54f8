#include "http/forwarded.hpp"

#include <initializer_list>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace heliograph::http {
namespace {

// The address behind a proxy at 10.0.0.1, which is trusted, as all of 10.0.0.0/8.
std::string client(std::initializer_list<std::string_view> lines, ForwardedHeader header,
                   std::string_view socket = "10.0.0.1") {
  const std::vector<base::IpNetwork> trusted{*reactor::parse_network("10.0.0.0/8"),
                                             *reactor::parse_network("fd00::/8")};
  const std::vector<std::string_view> all(lines);
  return reactor::text(
      client_address(*reactor::parse_address(socket), all, header, trusted).address);
}

std::string listed(std::initializer_list<std::string_view> lines,
                   std::string_view socket = "10.0.0.1") {
  return client(lines, ForwardedHeader::kXForwardedFor, socket);
}

std::string forwarded(std::initializer_list<std::string_view> lines) {
  return client(lines, ForwardedHeader::kForwarded);
}

TEST(ForwardedTest, IsTheLastAddressThatIsNotTrusted) {
  EXPECT_EQ(listed({"203.0.113.7"}), "203.0.113.7");
  EXPECT_EQ(listed({"198.51.100.1, 203.0.113.7"}), "203.0.113.7");
  EXPECT_EQ(listed({"198.51.100.1, 203.0.113.7, 10.0.0.2, fd00::1"}), "203.0.113.7");
}

TEST(ForwardedTest, OfASocketThatIsNotTrustedIsTheSocket) {
  EXPECT_EQ(listed({"203.0.113.7"}, "192.0.2.1"), "192.0.2.1");
}

TEST(ForwardedTest, SeveralLinesAreOneList) {
  EXPECT_EQ(listed({"198.51.100.1", "203.0.113.7, 10.0.0.2", "10.0.0.3"}), "203.0.113.7");
}

TEST(ForwardedTest, IfAllAreTrustedIsTheFirst) {
  EXPECT_EQ(listed({"10.1.1.1, 10.2.2.2"}), "10.1.1.1");
}

TEST(ForwardedTest, WithoutTheHeaderIsTheSocket) {
  EXPECT_EQ(listed({}), "10.0.0.1");
  EXPECT_EQ(listed({"", " , "}), "10.0.0.1");
}

TEST(ForwardedTest, AMalformedEntryEndsTheWalk) {
  EXPECT_EQ(listed({"203.0.113.7, unknown"}), "10.0.0.1");
  EXPECT_EQ(listed({"203.0.113.7, 1.2.3, 10.0.0.2"}), "10.0.0.2");
  EXPECT_EQ(listed({"not an address, 203.0.113.7"}), "203.0.113.7");
}

TEST(ForwardedTest, EntriesMayHavePortsAndBrackets) {
  EXPECT_EQ(listed({"203.0.113.7:4711"}), "203.0.113.7");
  EXPECT_EQ(listed({"2001:db8::7"}), "2001:db8::7");
  EXPECT_EQ(listed({"[2001:db8::7]"}), "2001:db8::7");
  EXPECT_EQ(listed({"[2001:db8::7]:4711"}), "2001:db8::7");
  EXPECT_EQ(listed({"::ffff:203.0.113.7"}), "203.0.113.7");
  for (const std::string_view wrong : {"203.0.113.7:", "203.0.113.7:x", "203.0.113.7:123456",
                                       "[2001:db8::7", "[2001:db8::7]x", "[2001:db8::7]:", "[]"}) {
    EXPECT_EQ(listed({wrong}), "10.0.0.1") << wrong;
  }
}

TEST(ForwardedTest, ReadsTheHeaderOfTheStandard) {
  EXPECT_EQ(forwarded({"for=203.0.113.7"}), "203.0.113.7");
  EXPECT_EQ(forwarded({R"(For="[2001:db8::7]:4711";proto=https;by=10.0.0.9)"}), "2001:db8::7");
  EXPECT_EQ(forwarded({R"(for=198.51.100.1, for="203.0.113.7:80";host="a,b;c\"d", for=10.0.0.2)"}),
            "203.0.113.7");
  EXPECT_EQ(forwarded({"for=198.51.100.1", " proto=http ; for=203.0.113.7 "}), "203.0.113.7");
}

TEST(ForwardedTest, OfTheStandardsHeaderEndsAtWhatIsNoAddress) {
  for (const std::string_view wrong :
       {"for=unknown", "for=_hidden", "proto=https", "203.0.113.7", R"(for="203.0.113.7)",
        "for=2001:db8::7", "for=203.0.113.7;for=203.0.113.8", R"(for="203.0.113.\7")", "for="}) {
    EXPECT_EQ(forwarded({"for=198.51.100.1", wrong}), "10.0.0.1") << wrong;
  }
}

// The client has written what stands in front; the proxy has appended the rest to its line.
TEST(ForwardedTest, AnOpenQuoteOfTheClientEndsTheWalkAtTheProxy) {
  const std::vector<base::IpNetwork> trusted{*reactor::parse_network("10.0.0.0/8")};
  const base::IpAddress proxy = *reactor::parse_address("10.0.0.1");
  for (const std::string_view written :
       {R"(for=1.1.1.1;x=")", R"(for=1.1.1.1;x="\)", R"(for=1.1.1.1;x="\")", R"(for=1.1.1.1;x=a"b)",
        R"(for=127.0.0.1;proto=")", R"(for="1.1.1.1)", R"(for=1.1.1.1;x="a"")"}) {
    for (const std::string_view appended :
         {", for=198.51.100.7", R"(, for="[2001:db8::7]:80";proto=https;by="x")",
          ";proto=http, for=198.51.100.7"}) {
      const std::string line = std::string(written).append(appended);
      const std::string_view lines[] = {line};
      const Walked walked = client_address(proxy, lines, ForwardedHeader::kForwarded, trusted);
      const bool is_appended = walked.address == *reactor::parse_address("198.51.100.7") ||
                               walked.address == *reactor::parse_address("2001:db8::7");
      EXPECT_TRUE(is_appended || (walked.address == proxy && !walked.is_complete)) << line;
    }
  }
}

}  // namespace
}  // namespace heliograph::http
