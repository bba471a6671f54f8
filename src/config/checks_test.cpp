#include "config/checks.hpp"

#include <gtest/gtest.h>

namespace heliograph::config {
namespace {

TEST(IsOrigin, AcceptsWhatBrowsersSend) {
  for (const std::string_view origin :
       {"*", "https://example.org", "http://localhost:5000", "https://[::1]:8443",
        "https://xn--bcher-kva.example", "app://desktop", "chrome-extension://abcdef"}) {
    EXPECT_TRUE(is_origin(origin)) << origin;
  }
}

TEST(IsOrigin, RefusesWhatNoBrowserSends) {
  for (const std::string_view origin :
       {"", "example.org", "https://", "://example.org", "https://example.org/",
        "https://example.org/demo", "https://Example.org", "https://example.org?x",
        "https://user@example.org", "https://*.example.org", "https://example.org ",
        "https://bücher.example", "null", "**"}) {
    EXPECT_FALSE(is_origin(origin)) << origin;
  }
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
