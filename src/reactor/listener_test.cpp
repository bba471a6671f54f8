#include "reactor/listener.hpp"

#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

#include <gtest/gtest.h>

#include "reactor/address.hpp"
#include "reactor/loop_turn.hpp"
#include "reactor/testing/test_client.hpp"

namespace heliograph::reactor::testing {
namespace {

std::vector<std::string> texts(const std::vector<ListenAddress>& addresses) {
  std::vector<std::string> texts;
  texts.reserve(addresses.size());
  for (const ListenAddress& address : addresses) {
    texts.push_back(text(ip_address(address.address)) + ' ' + std::to_string(port_of(address)));
  }
  return texts;
}

TEST(Resolve, TakesAddressesAsTheyAre) {
  using Texts = std::vector<std::string>;
  EXPECT_EQ(texts(resolve("127.0.0.1", 5000, Ipv6::kOn)), Texts{"127.0.0.1 5000"});
  EXPECT_EQ(texts(resolve("0.0.0.0", 0, Ipv6::kOn)), Texts{"0.0.0.0 0"});
  EXPECT_EQ(texts(resolve("::1", 80, Ipv6::kOn)), Texts{"::1 80"});
  EXPECT_EQ(texts(resolve("::", 80, Ipv6::kOn)), Texts{":: 80"});
}

TEST(Resolve, LocalhostIsBothLoopbacks) {
  EXPECT_EQ(texts(resolve("localhost", 5000, Ipv6::kOn)),
            (std::vector<std::string>{"127.0.0.1 5000", "::1 5000"}));
}

TEST(Resolve, IsContentWithIpv4WhereThereIsNothingElse) {
  using Texts = std::vector<std::string>;
  EXPECT_EQ(texts(resolve("::", 5000, Ipv6::kOff)), Texts{"0.0.0.0 5000"});
  EXPECT_EQ(texts(resolve("localhost", 5000, Ipv6::kOff)), Texts{"127.0.0.1 5000"});
}

TEST(Resolve, RefusesAHostThatThereIsNot) {
  EXPECT_THROW(resolve("no.address.invalid", 1), std::runtime_error);
}

TEST(WithPort, ChangesThePortAndNothingElse) {
  for (const ListenAddress& address : resolve("localhost", 1, Ipv6::kOn)) {
    const ListenAddress other = with_port(address, 5000);
    EXPECT_EQ(port_of(other), 5000);
    EXPECT_EQ(text(ip_address(other.address)), text(ip_address(address.address)));
  }
}

// "::" is one socket, over which IPv4 clients come with a mapped address.
TEST(Listener, AnIpv4ClientHasAnIpv4Address) {
  base::Log log(base::LogLevel::kOff, base::LogFormat::kText);
  LoopTurn turn;
  std::string address;
  const auto accept = [&](const Descriptor& socket, const base::IpAddress& from) {
    EXPECT_EQ(from, peer_address(socket.get()));
    address = text(from);
  };
  Listener listener(
      turn, resolve("::", 0).front(), log, accept, [] { return false; },
      [] { return std::string(); });
  const TestClient client(port_of(listener.address()));
  while (address.empty()) {
    turn.wait(base::TimePoint::max());
    turn.loop().dispatch();
    turn.end();
  }
  EXPECT_EQ(address, "127.0.0.1");
}

}  // namespace
}  // namespace heliograph::reactor::testing
