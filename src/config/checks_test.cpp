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

TEST(BasePath, IsAPathWithoutASlashAtItsEnd) {
  for (const char* path : {"/rtc", "/a/b", "/A-1._~", "/...", "/.well"}) {
    EXPECT_TRUE(is_base_path(path)) << path;
  }
  for (const char* path : {"", "/", "rtc", "/rtc/", "//", "/a//b", "/..", "/a/../b", "/./a", "/a/.",
                           "/a b", "/a?b", "/a#b", "/%41", "/a\\b", "/\xc3\xa9"}) {
    EXPECT_FALSE(is_base_path(path)) << path;
  }
}

}  // namespace
}  // namespace heliograph::config
