#include "http/origin.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace heliograph::http {
namespace {

constexpr std::string_view kHost = "signal.example";

const std::vector<std::string> kAny{"*"};
const std::vector<std::string> kTwo{"https://a.example", "https://b.example:8443"};

TEST(IsOwnOrigin, WantsTheHostAndThePort) {
  EXPECT_TRUE(is_own_origin("http://signal.example:5000", "signal.example:5000"));
  EXPECT_TRUE(is_own_origin("https://signal.example:5000", "signal.example:5000"));
  EXPECT_FALSE(is_own_origin("http://signal.example:5001", "signal.example:5000"));
  EXPECT_FALSE(is_own_origin("http://signal.example.evil:5000", "signal.example:5000"));
  EXPECT_FALSE(is_own_origin("http://evil.signal.example:5000", "signal.example:5000"));
  EXPECT_FALSE(is_own_origin("http://signal.example", "signal.example:5000"));
  EXPECT_FALSE(is_own_origin("http://signal.example:5000", "signal.example"));
}

TEST(IsOwnOrigin, FillsInTheDefaultPortOfTheOriginsScheme) {
  EXPECT_TRUE(is_own_origin("http://signal.example", "signal.example"));
  EXPECT_TRUE(is_own_origin("https://signal.example", "signal.example"));
  EXPECT_TRUE(is_own_origin("http://signal.example", "signal.example:80"));
  EXPECT_TRUE(is_own_origin("https://signal.example", "signal.example:443"));
  EXPECT_TRUE(is_own_origin("https://signal.example:443", "signal.example"));
  EXPECT_TRUE(is_own_origin("https://signal.example", "signal.example:"));
  EXPECT_FALSE(is_own_origin("https://signal.example", "signal.example:80"));
  EXPECT_FALSE(is_own_origin("http://signal.example", "signal.example:443"));
}

TEST(IsOwnOrigin, KnowsAddresses) {
  EXPECT_TRUE(is_own_origin("http://127.0.0.1:5000", "127.0.0.1:5000"));
  EXPECT_TRUE(is_own_origin("http://[::1]:5000", "[::1]:5000"));
  EXPECT_TRUE(is_own_origin("https://[2001:db8::1]", "[2001:db8::1]:443"));
  EXPECT_FALSE(is_own_origin("https://[2001:db8::2]", "[2001:db8::1]"));
  EXPECT_FALSE(is_own_origin("http://[::1]:5000", "[::1]"));
}

// React Native for iOS puts a slash behind it, and neither lowers what its app has written.
TEST(IsOwnOrigin, TakesWhatReactNativeSends) {
  EXPECT_TRUE(is_own_origin("https://Signal.example:443/", "Signal.example"));
  EXPECT_TRUE(is_own_origin("http://signal.example:5000/", "Signal.Example:5000"));
  EXPECT_FALSE(is_own_origin("https://signal.example/demo", kHost));
}

TEST(IsOwnOrigin, IsNoneWithoutAHostOrAScheme) {
  for (const std::string_view origin :
       {"", "null", "file://", "signal.example", "app://signal.example", "ws://signal.example",
        "://signal.example", "https://", "http:///", "https:///signal.example",
        "https://user@signal.example", "https://signal.example:443:443"}) {
    EXPECT_FALSE(is_own_origin(origin, kHost)) << origin;
    EXPECT_FALSE(is_own_origin(origin, "")) << origin;
  }
  EXPECT_FALSE(is_own_origin("https://:443", ":443"));
}

TEST(IsOriginAllowed, KnowsTheListAndTheStar) {
  EXPECT_TRUE(is_origin_allowed(kAny, "https://x.example", kHost));
  EXPECT_TRUE(is_origin_allowed(kTwo, "https://a.example", kHost));
  EXPECT_FALSE(is_origin_allowed(kTwo, "https://c.example", kHost));
  EXPECT_FALSE(is_origin_allowed(kTwo, "https://a.example/", kHost));
  EXPECT_FALSE(is_origin_allowed(kTwo, "*", kHost));
  EXPECT_FALSE(is_origin_allowed(kTwo, "null", kHost));
  EXPECT_TRUE(is_origin_allowed(std::vector<std::string>{"null"}, "null", kHost));
}

TEST(IsOriginAllowed, AlwaysKnowsItsOwn) {
  EXPECT_TRUE(is_origin_allowed(kTwo, "https://signal.example", kHost));
}

TEST(IsOriginAllowed, LetsClientsInThatAreNoBrowser) {
  EXPECT_TRUE(is_origin_allowed(kTwo, "", kHost));
}

}  // namespace
}  // namespace heliograph::http
