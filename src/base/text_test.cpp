#include "base/text.hpp"

#include <gtest/gtest.h>

namespace heliograph::base {
namespace {

using namespace std::string_view_literals;

TEST(Trim, TakesBlanksOffBothEndsOnly) {
  EXPECT_EQ(trim(" \t a b\t "), "a b");
  EXPECT_EQ(trim("a"), "a");
  EXPECT_EQ(trim(" \t "), "");
  EXPECT_EQ(trim(""), "");
  EXPECT_EQ(trim("a\n"), "a\n");
}

TEST(CutFirst, WalksAList) {
  std::string_view list = "one,,two";
  EXPECT_EQ(cut_first(list, ','), "one");
  EXPECT_EQ(cut_first(list, ','), "");
  EXPECT_EQ(cut_first(list, ','), "two");
  EXPECT_EQ(list, "");
  EXPECT_EQ(cut_first(list, ','), "");
}

TEST(EqualsIgnoringCase, FoldsAsciiLettersOnly) {
  EXPECT_TRUE(equals_ignoring_case("Keep-Alive", "keep-ALIVE"));
  EXPECT_TRUE(equals_ignoring_case("", ""));
  EXPECT_FALSE(equals_ignoring_case("gzip", "gzi"));
  EXPECT_FALSE(equals_ignoring_case("[", "{"));
  EXPECT_FALSE(equals_ignoring_case("@", "`"));
}

TEST(PercentDecode, DecodesEscapesOnce) {
  EXPECT_EQ(percent_decode("/a%20b"), "/a b");
  EXPECT_EQ(percent_decode("%2e%2E/%252e"), "../%2e");
  EXPECT_EQ(percent_decode("/a+b"), "/a+b");
  EXPECT_EQ(percent_decode("a%00b"), "a\0b"sv);
  EXPECT_EQ(percent_decode(""), "");
}

TEST(PercentDecode, RefusesWhatIsNoEscape) {
  for (const std::string_view text : {"%", "%2", "/a%", "%zz", "%2g", "% 2", "%%20"}) {
    EXPECT_EQ(percent_decode(text), std::nullopt) << text;
  }
}

TEST(HeapBytes, AreNoneForAShortText) {
  EXPECT_EQ(heap_bytes({}), 0U);
  EXPECT_EQ(heap_bytes("short"), 0U);
  EXPECT_GE(heap_bytes(std::string(1000, 'x')), 1000U);
}

}  // namespace
}  // namespace heliograph::base
