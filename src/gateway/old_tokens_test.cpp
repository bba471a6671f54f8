#include "gateway/old_tokens.hpp"

#include <gtest/gtest.h>

namespace heliograph::gateway {
namespace {

constexpr std::int64_t kStart = 1'700'000'000;
constexpr std::int64_t kLifetime = 86'400;

// A peer whose tokens all last as long.
class OldTokensTest : public testing::Test {
 protected:
  void return_at(std::int64_t time) { tokens_.replace(time + kLifetime, time); }
  bool counts(std::int64_t issued_at, std::int64_t now) const {
    return !tokens_.is_replaced(issued_at + kLifetime, now);
  }
  OldTokens tokens_;
};

TEST_F(OldTokensTest, AllCountBeforeTheFirstReturn) { EXPECT_TRUE(counts(kStart, kStart + 1000)); }

TEST_F(OldTokensTest, OneFromBeforeAReturnCountsForAMinute) {
  return_at(kStart + 10);
  EXPECT_TRUE(counts(kStart, kStart + 69));
  EXPECT_FALSE(counts(kStart, kStart + 70));
}

TEST_F(OldTokensTest, ThoseIssuedAtTheReturnAndAfterItCountOn) {
  return_at(kStart);
  EXPECT_TRUE(counts(kStart, kStart + 1000));
  EXPECT_TRUE(counts(kStart + 5, kStart + 1000));
}

TEST_F(OldTokensTest, AnotherReturnBringsNoneBackToLife) {
  return_at(kStart + 10);
  return_at(kStart + 100);
  EXPECT_FALSE(counts(kStart, kStart + 101));
  EXPECT_TRUE(counts(kStart + 10, kStart + 159));
  EXPECT_FALSE(counts(kStart + 10, kStart + 160));
}

TEST_F(OldTokensTest, AnotherReturnDoesNotProlongTheMinuteOfTheFirst) {
  return_at(kStart + 10);
  return_at(kStart + 50);
  EXPECT_TRUE(counts(kStart, kStart + 69));
  EXPECT_FALSE(counts(kStart, kStart + 70));
  EXPECT_TRUE(counts(kStart + 10, kStart + 109));
  EXPECT_FALSE(counts(kStart + 10, kStart + 110));
}

TEST_F(OldTokensTest, ManyReturnsInAMinuteEndTheOldestTokensSooner) {
  for (int i = 1; i <= 9; ++i) return_at(kStart + i);
  EXPECT_FALSE(counts(kStart, kStart + 9));
  EXPECT_TRUE(counts(kStart + 1, kStart + 9));
}

}  // namespace
}  // namespace heliograph::gateway
