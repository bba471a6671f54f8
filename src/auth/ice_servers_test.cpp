#include "auth/ice_servers.hpp"

#include <gtest/gtest.h>

#include "base/json.hpp"

namespace heliograph::auth {
namespace {

using namespace std::chrono_literals;

TEST(TurnUserName, IsTheAddressAsLimitsCountItOrThePeer) {
  const base::IpAddress one{{0x20, 1, 0xd, 0xb8, 0, 0, 0, 7, 1}};
  const base::IpAddress same_network{{0x20, 1, 0xd, 0xb8, 0, 0, 0, 7, 2}};
  const base::IpAddress other{{0x20, 1, 0xd, 0xb8, 0, 0, 0, 8, 1}};
  EXPECT_EQ(turn_user_name(one, "alice"), turn_user_name(same_network, "ben"));
  EXPECT_NE(turn_user_name(one, "alice"), turn_user_name(other, "alice"));
  EXPECT_EQ(turn_user_name({}, "alice"), "alice");
}

TEST(IceServers, AreNoneUnlessConfigured) {
  for (const IceServers& none : {IceServers(), IceServers("[]", {}), IceServers(" [ ] ", {})}) {
    EXPECT_EQ(none.for_user("demo", "alice", 1'700'000'000), "");
    EXPECT_EQ(none.lifetime(), std::nullopt);
  }
}

TEST(IceServers, AreHandedOutAsTheyAreConfigured) {
  const IceServers servers(R"([{"urls":"stun:a.example"},{"urls":["stuns:b.example"]}])", {});
  EXPECT_EQ(servers.for_user("demo", "alice", 1'700'000'000),
            R"([{"urls":"stun:a.example"},{"urls":["stuns:b.example"]}])");
  EXPECT_EQ(servers.lifetime(), std::nullopt);
}

// As one writes them in a file; what stands in strings is not ours to change.
TEST(IceServers, LoseTheWhiteSpaceBetweenThem) {
  const IceServers servers(
      "\t[\r\n  { \"urls\": \"turn:a.example\",\n    \"username\": \"a \\\" b\\\\\",\n"
      "    \"credential\": \"c  d\" }\n]\n",
      {});
  EXPECT_EQ(servers.for_user("demo", "alice", 1'700'000'000),
            R"([{"urls":"turn:a.example","username":"a \" b\\","credential":"c  d"}])");
}

// The user is the one of turn_test.cpp; the credential was computed with Node.
TEST(IceServers, HaveACredentialForTheUserWhomTheyDoNotName) {
  const IceServers servers("[]", {.urls = {"turn:a.example", "turns:a.example"},
                                  .secrets = {"north"},
                                  .lifetime = 1'000'000s});
  EXPECT_EQ(
      servers.for_user("demo", "alice", 1'699'000'000),
      R"([{"urls":["turn:a.example","turns:a.example"],"username":"1700000000:BEg3JXswbIlvEgQu",)"
      R"("credential":"96nw/grx9YTLO4hwdMtlxLM9Exo="}])");
  EXPECT_EQ(servers.lifetime(), 1'000'000s);
}

TEST(IceServers, AreSignedWithTheFirstSecret) {
  const auto signed_with = [](std::vector<std::string> secrets) {
    const TurnServers turn{.urls = {"turn:a.example"}, .secrets = std::move(secrets)};
    return IceServers("[]", turn).for_user("demo", "alice", 0);
  };
  EXPECT_EQ(signed_with({"north", "south"}), signed_with({"north"}));
  EXPECT_NE(signed_with({"south", "north"}), signed_with({"north"}));
}

TEST(IceServers, StandBeforeTheTurnServers) {
  const IceServers servers(R"([{"urls":"stun:b.example"}])",
                           {.urls = {"turn:a.example"}, .secrets = {"north"}, .lifetime = 60s});
  EXPECT_EQ(
      servers.for_user("demo", "alice", 1'699'999'940),
      R"([{"urls":"stun:b.example"},{"urls":["turn:a.example"],"username":"1700000000:BEg3JXswbIlvEgQu",)"
      R"("credential":"96nw/grx9YTLO4hwdMtlxLM9Exo="}])");
}

TEST(IceServers, AreJsonWhateverTheUserIsCalled) {
  const IceServers servers("[]",
                           {.urls = {"turn:a.example"}, .secrets = {"north"}, .lifetime = 60s});
  EXPECT_EQ(json::validate(servers.for_user("demo", "a\"\\\n", 0), 8), json::Status::kOk);
}

}  // namespace
}  // namespace heliograph::auth
