#include "auth/failures.hpp"

#include <gtest/gtest.h>

namespace heliograph::auth {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr base::TimePoint kStart{std::chrono::hours(1)};

class FailureCountTest : public testing::Test {
 protected:
  void fail(int times, base::TimePoint now = kStart) {
    for (int i = 0; i < times; ++i) failures_.note(now);
  }
  seconds wait(base::TimePoint now = kStart) {
    return std::chrono::ceil<seconds>(failures_.wait(now));
  }

  FailureCount failures_;
};

TEST_F(FailureCountTest, NineAreFree) {
  fail(9);
  EXPECT_EQ(wait(), seconds(0));
}

TEST_F(FailureCountTest, FromTheTenthTheWaitDoublesUpToTenMinutes) {
  fail(10);
  EXPECT_EQ(wait(), seconds(1));
  fail(1);
  EXPECT_EQ(wait(), seconds(2));
  fail(1);
  EXPECT_EQ(wait(), seconds(4));
  fail(1'000);
  EXPECT_EQ(wait(), seconds(600));
}

TEST_F(FailureCountTest, TheWaitPasses) {
  fail(12);
  EXPECT_EQ(wait(kStart + seconds(3)), seconds(1));
  EXPECT_EQ(wait(kStart + seconds(4)), seconds(0));
}

TEST_F(FailureCountTest, FadesByOneAMinute) {
  fail(9);
  fail(3, kStart + minutes(4));
  EXPECT_EQ(wait(kStart + minutes(4)), seconds(0));
  EXPECT_FALSE(failures_.is_forgotten(kStart + minutes(11)));
  EXPECT_TRUE(failures_.is_forgotten(kStart + minutes(13)));
}

TEST_F(FailureCountTest, DoesNotFadeBeforeAMinuteHasPassed) {
  for (int i = 0; i < 10; ++i) failures_.note(kStart + seconds(i));
  EXPECT_EQ(wait(kStart + seconds(9)), seconds(1));
}

TEST_F(FailureCountTest, IsNotForgottenWhileAttemptsAreRefused) {
  fail(1'000);
  EXPECT_FALSE(failures_.is_forgotten(kStart + seconds(599)));
}

}  // namespace
}  // namespace heliograph::auth
