#include "base/text.hpp"

#include <gtest/gtest.h>

namespace heliograph::base {
namespace {

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

}  // namespace
}  // namespace heliograph::base
