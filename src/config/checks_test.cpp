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

TEST(IsPageOrigin, AcceptsPagesWithoutAnOriginToo) {
  for (const std::string_view origin : {"*", "https://example.org", "null", "file://"}) {
    EXPECT_TRUE(is_page_origin(origin)) << origin;
  }
  for (const std::string_view origin :
       {"", "Null", "file:", "file:///", "file://a/b", "example.org"}) {
    EXPECT_FALSE(is_page_origin(origin)) << origin;
  }
}

TEST(IsFrameAncestors, AcceptsSourcesOfAPolicy) {
  for (const std::string_view text :
       {"none", "'none'", "self", "'self' https://a.example", "https://*.example.org:8443/app/",
        "*", "https: app:", "  self  a.example  ", "http://[::1]:8080"}) {
    EXPECT_TRUE(is_frame_ancestors(text)) << text;
  }
}

TEST(IsFrameAncestors, RefusesWhatWouldEndOrVoidTheDirective) {
  for (const char* text :
       {"", " ", "none self", "https://a.example none", "self; script-src *", "a.example;",
        "a.example,b.example", "a.example\r\nSet-Cookie: a", "a\tb", "'unsafe-inline'", "\"self\"",
        "https://b\xc3\xbc.example", "https://a.example?x", "'self"}) {
    EXPECT_FALSE(is_frame_ancestors(text)) << text;
  }
  EXPECT_FALSE(is_frame_ancestors(std::string_view("a\0b", 3)));
}

TEST(BasePath, IsAPathWithoutASlashAtItsEnd) {
  for (const char* path : {"/rtc", "/a/b", "/A-1._~", "/...", "/.well"}) {
    EXPECT_TRUE(is_base_path(path)) << path;
  }
  for (const char* path : {"", "/", "rtc", "/rtc/", "//", "/a//b", "/..", "/a/../b", "/./a", "/a/.",
                           "/a b", "/a?b", "/a#b", "/%41", "/a\\b", "/\xc3\xa9"}) {
    EXPECT_FALSE(is_base_path(path)) << path;
  }
}

TEST(IsHostTest, TakesAddressesAndNames) {
  for (const std::string_view host : {"::", "0.0.0.0", "fe80::1", "localhost", "Node-1.example"}) {
    EXPECT_TRUE(is_host(host)) << host;
  }
  for (const std::string_view host :
       {"", "127.0.0.1:80", "[::1]", "127.0.0.1 # mine", "a b", "\"::1\"", "a/b", "a_b"}) {
    EXPECT_FALSE(is_host(host)) << host;
  }
}

}  // namespace
}  // namespace heliograph::config
