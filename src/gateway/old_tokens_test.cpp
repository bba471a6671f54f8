#include "gateway/old_tokens.hpp"

#include <gtest/gtest.h>

namespace heliograph::gateway {
namespace {

constexpr std::int64_t kStart = 1'700'000'000;

class OldTokensTest : public testing::Test {
 protected:
  void return_at(std::int64_t time) { tokens_.note_return(time); }
  bool counts(std::uint32_t returns, std::int64_t now) const {
    return !tokens_.is_replaced(returns, now);
  }
  OldTokens tokens_;
};

TEST_F(OldTokensTest, AllCountBeforeTheFirstReturn) { EXPECT_TRUE(counts(0, kStart + 1000)); }

TEST_F(OldTokensTest, OneFromBeforeAReturnCountsForAMinute) {
  return_at(kStart);
  EXPECT_TRUE(counts(0, kStart + 59));
  EXPECT_FALSE(counts(0, kStart + 60));
}

TEST_F(OldTokensTest, ThoseIssuedAfterTheReturnCountOn) {
  return_at(kStart);
  EXPECT_TRUE(counts(1, kStart + 1000));
}

TEST_F(OldTokensTest, AnotherReturnBringsNoneBackToLife) {
  return_at(kStart);
  return_at(kStart + 100);
  EXPECT_FALSE(counts(0, kStart + 101));
  EXPECT_TRUE(counts(1, kStart + 159));
  EXPECT_FALSE(counts(1, kStart + 160));
}

TEST_F(OldTokensTest, AnotherReturnDoesNotProlongTheMinuteOfTheFirst) {
  return_at(kStart);
  return_at(kStart + 40);
  EXPECT_TRUE(counts(0, kStart + 59));
  EXPECT_FALSE(counts(0, kStart + 60));
  EXPECT_TRUE(counts(1, kStart + 99));
  EXPECT_FALSE(counts(1, kStart + 100));
}

TEST_F(OldTokensTest, ManyReturnsInAMinuteEndTheOldestTokensSooner) {
  for (int i = 1; i <= 9; ++i) return_at(kStart + i);
  EXPECT_FALSE(counts(0, kStart + 9));
  EXPECT_TRUE(counts(1, kStart + 9));
}

}  // namespace
}  // namespace heliograph::gateway
