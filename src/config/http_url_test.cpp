#include "config/http_url.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace heliograph::config {
namespace {

using testing::FieldsAre;
using testing::Optional;

TEST(ParseHttpUrlTest, ReadsHostPortAndPath) {
  EXPECT_THAT(parse_http_url("http://a.example:8080/rtc/healthz?x=1"),
              Optional(FieldsAre("a.example", "8080", "/rtc/healthz?x=1")));
  EXPECT_THAT(parse_http_url("http://a.example"), Optional(FieldsAre("a.example", "80", "")));
  EXPECT_THAT(parse_http_url("http://[::1]:5000/"), Optional(FieldsAre("::1", "5000", "/")));
}

TEST(ParseHttpUrlTest, RefusesAllElse) {
  for (const std::string_view url :
       {"https://a.example", "a.example", "http://", "http://:80", "http://u@a.example",
        "http://a.example:x", "http://a.example:", "http://[::1", "http://[::1]x",
        "http://a.example/#b", "http://a.example/ b", "http://a.example/\r\nX: y", "http://a?b"}) {
    EXPECT_EQ(parse_http_url(url), std::nullopt) << url;
  }
}

}  // namespace
}  // namespace heliograph::config
