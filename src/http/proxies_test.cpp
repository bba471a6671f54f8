#include "http/proxies.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace heliograph::http {
namespace {

base::IpAddress address(std::string_view text) { return *reactor::parse_address(text); }

Proxies trusting(std::vector<std::string> networks) {
  Settings settings;
  settings.trusted_proxies = std::move(networks);
  return Proxies(settings);
}

Request forwarded_for(std::string_view client) {
  Request request;
  request.insert("X-Forwarded-For", std::string(client));
  return request;
}

TEST(ProxiesTest, ATrustedProxyNamesTheClient) {
  const Proxies proxies = trusting({"10.0.0.0/8"});
  const ClientAddress client =
      proxies.client({.address = address("10.0.0.1")}, forwarded_for("203.0.113.7"));
  EXPECT_EQ(reactor::text(client.address), "203.0.113.7");
  EXPECT_TRUE(client.is_limited);
  EXPECT_FALSE(proxies.counts_connection(address("10.0.0.1")));
}

TEST(ProxiesTest, OthersNameNobody) {
  const Proxies proxies = trusting({"10.0.0.0/8"});
  for (const char* const socket : {"198.51.100.1", "192.168.0.1"}) {
    const ClientAddress client =
        proxies.client({.address = address(socket)}, forwarded_for("203.0.113.7"));
    EXPECT_EQ(reactor::text(client.address), socket);
    EXPECT_TRUE(client.is_limited);
    EXPECT_TRUE(proxies.counts_connection(address(socket)));
  }
}

TEST(ProxiesTest, LoopbackIsNotLimited) {
  for (const Proxies& proxies : {trusting({}), trusting({"10.0.0.0/8"})}) {
    EXPECT_FALSE(proxies.client({.address = address("127.0.0.1")}, Request()).is_limited);
    EXPECT_FALSE(proxies.client({.address = address("::1")}, Request()).is_limited);
    EXPECT_FALSE(proxies.counts_connection(address("127.0.0.1")));
  }
}

// Or every client of a proxy on the same machine could have itself taken for that.
TEST(ProxiesTest, LoopbackIsLimitedBehindAMalformedHeader) {
  const Proxies proxies = trusting({"127.0.0.1"});
  const ClientAddress client =
      proxies.client({.address = address("127.0.0.1")}, forwarded_for("203.0.113.7, ?"));
  EXPECT_EQ(reactor::text(client.address), "127.0.0.1");
  EXPECT_TRUE(client.is_limited);
  EXPECT_FALSE(
      proxies.client({.address = address("127.0.0.1")}, forwarded_for("127.0.0.1")).is_limited);
}

TEST(ProxiesTest, OfATrustedProxyTheLastForwardedHostCounts) {
  const Proxies proxies = trusting({"10.0.0.0/8"});
  Request request;
  request.insert("Host", "inside:8080");
  EXPECT_EQ(proxies.host({.address = address("10.0.0.1")}, request), "inside:8080");
  request.insert("X-Forwarded-Host", "evil.example, talk.example");
  EXPECT_EQ(proxies.host({.address = address("10.0.0.1")}, request), "talk.example");
  EXPECT_EQ(proxies.host({.address = address("203.0.113.1")}, request), "inside:8080");
}

TEST(ProxiesTest, WhileNobodyIsTrustedAPrivateProxyIsNotLimited) {
  const Proxies proxies = trusting({});
  for (const char* const socket : {"192.168.0.1", "127.0.0.1", "fd00::1"}) {
    EXPECT_TRUE(proxies.is_unknown_proxy(address(socket), forwarded_for("203.0.113.7"))) << socket;
    EXPECT_FALSE(
        proxies.client({.address = address(socket)}, forwarded_for("203.0.113.7")).is_limited);
  }
  EXPECT_FALSE(proxies.counts_connection(address("192.168.0.1")));
  EXPECT_TRUE(proxies.client({.address = address("192.168.0.1")}, Request()).is_limited);
  EXPECT_FALSE(proxies.is_unknown_proxy(address("203.0.113.1"), forwarded_for("203.0.113.7")));
  EXPECT_TRUE(
      proxies.client({.address = address("203.0.113.1")}, forwarded_for("203.0.113.7")).is_limited);
}

TEST(ProxiesTest, DoesNotBelieveHeadersOfAProxyThatForwardsForNobody) {
  const Proxies proxies = trusting({"10.0.0.1"});
  const Sender balancer{.address = address("10.0.0.1"), .may_forward = false};
  Request request = forwarded_for("203.0.113.7");
  request.set("X-Forwarded-Host", "talk.example");
  request.set("Host", "inside:8080");
  EXPECT_EQ(proxies.client(balancer, request).address, balancer.address);
  EXPECT_EQ(proxies.host(balancer, request), "inside:8080");
}

}  // namespace
}  // namespace heliograph::http
