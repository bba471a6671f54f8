#include "config/ice.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace heliograph::config {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(IsTurnUrl, AcceptsWhatRfc7065Has) {
  for (const std::string_view url :
       {"turn:turn.example.org", "turns:turn.example.org", "turn:turn.example.org:8000",
        "turn:192.0.2.1:3478", "turn:[2001:db8::1]", "turns:[2001:db8::1]:443",
        "turn:turn.example.org?transport=udp", "turn:turn.example.org:80?transport=tcp",
        "turns:turn.example.org?transport=tcp", "TURN:turn.example.org", "turn:localhost:65535"}) {
    EXPECT_TRUE(is_turn_url(url)) << url;
    EXPECT_FALSE(is_stun_url(url)) << url;
  }
}

TEST(IsTurnUrl, RefusesWhatNoBrowserTakes) {
  for (const std::string_view url : {"",
                                     "turn",
                                     "turn:",
                                     "turn://turn.example.org",
                                     "turn.example.org",
                                     "turn:host:",
                                     "turn:host:0",
                                     "turn:host:65536",
                                     "turn:host:80a",
                                     "turn:host:-1",
                                     "turn:host:1:2",
                                     "turn:user@host",
                                     "turn:host/path",
                                     "turn:host?transport=",
                                     "turn:host?transport=sctp",
                                     "turn:host?transport=udp&a=b",
                                     "turn:host?",
                                     "turn:host#a",
                                     "turn: host",
                                     "turn:ho st",
                                     "turn:[::1",
                                     "turn:::1",
                                     "turn:[host]",
                                     "turn:[::1]x",
                                     "turn:[::1]:",
                                     "turn:[]",
                                     "turnss:host",
                                     "http:host",
                                     "stun:host",
                                     "turn:h\xc3\xb6st"}) {
    EXPECT_FALSE(is_turn_url(url)) << url;
  }
}

TEST(IsStunUrl, IsATurnUrlWithoutATransport) {
  for (const std::string_view url :
       {"stun:stun.example.org", "stuns:stun.example.org:5349", "stun:[::1]:3478"}) {
    EXPECT_TRUE(is_stun_url(url)) << url;
    EXPECT_FALSE(is_turn_url(url)) << url;
  }
  EXPECT_FALSE(is_stun_url("stun:stun.example.org?transport=udp"));
  EXPECT_FALSE(is_stun_url("stun:"));
}

TEST(IceServersProblem, SaysWhichServerIsWrongAndHow) {
  EXPECT_EQ(ice_servers_problem(R"([{"urls":"stun:a.example"}])"), "");
  EXPECT_EQ(ice_servers_problem("[{]"), "it is not JSON");
  EXPECT_EQ(ice_servers_problem(R"({"urls":"stun:a.example"})"), "it is no array");
  EXPECT_EQ(ice_servers_problem(R"(["stun:a.example"])"), "server 1 is no object");
  EXPECT_EQ(ice_servers_problem(R"([{"urls":"stun:a.example"},{"url":"stun:b.example"}])"),
            "server 2 needs urls, an address or an array of them");
  EXPECT_EQ(ice_servers_problem(R"([{"urls":["turn:a.example"],"username":"u"}])"),
            "server 1 needs username and credential");
  EXPECT_THAT(ice_servers_problem(R"([{"urls":"turn:user:geheim@a.example"}])"),
              testing::AllOf(HasSubstr("server 1"), Not(HasSubstr("geheim"))));
}

TEST(AreIceServers, AcceptsWhatARtcPeerConnectionTakes) {
  for (
      const std::string_view text :
      {"[]", R"([{"urls":"stun:stun.example.org"}])", R"([{"urls":"stuns:stun.example.org:5349"}])",
       R"([ {"urls": ["stun:a.example", "stun:b.example"]}, {"urls":"stun:c.example"} ])",
       R"([{"urls":["turn:a.example?transport=udp","turns:a.example"],"username":"u","credential":"c"}])",
       R"([{"urls":"stun:a.example","username":"u"}])", R"([{"urls":"\u0073tun:a.example"}])"}) {
    EXPECT_TRUE(are_ice_servers(text)) << text;
  }
}

TEST(AreIceServers, RefusesWhatItWouldThrowOn) {
  for (const std::string_view text :
       {"",
        "{}",
        "null",
        "[",
        "[{}]",
        R"(["stun:a.example"])",
        R"([{"urls":[]}])",
        R"([{"urls":7}])",
        R"([{"urls":[7]}])",
        R"([{"urls":{}}])",
        R"([{"url":"stun:a.example"}])",
        R"([{"urls":"http://a.example"}])",
        R"([{"urls":"stun:"}])",
        R"([{"urls":"stun:[::1\u0000]"}])",
        R"([{"urls":"stun://a.example"}])",
        R"([{"urls":["stun:a.example","b.example"]}])",
        R"([{"urls":"turn:a.example"}])",
        R"([{"urls":"turn:a.example","username":"u"}])",
        R"([{"urls":"turn:a.example","credential":"c"}])",
        R"([{"urls":["stun:a.example","turns:a.example"]}])",
        R"([{"urls":"turn:a.example","username":1,"credential":"c"}])",
        R"([{"urls":"stun:a.example"}] x)"}) {
    EXPECT_FALSE(are_ice_servers(text)) << text;
  }
}

}  // namespace
}  // namespace heliograph::config
