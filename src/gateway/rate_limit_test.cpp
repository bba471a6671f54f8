#include "gateway/rate_limit.hpp"

#include <gtest/gtest.h>

namespace heliograph::gateway {
namespace {

using std::chrono::milliseconds;

constexpr base::TimePoint kStart{std::chrono::hours(1)};

int takes(RateLimit& limit, std::uint32_t per_second, std::uint32_t burst, base::TimePoint now,
          int tries = 1'000) {
  int taken = 0;
  for (int i = 0; i < tries; ++i) taken += limit.take(per_second, burst, now) ? 1 : 0;
  return taken;
}

TEST(RateLimit, AllowsABurstAndThenTheRate) {
  RateLimit limit(200, kStart);
  EXPECT_EQ(takes(limit, 100, 200, kStart), 200);
  EXPECT_EQ(takes(limit, 100, 200, kStart + milliseconds(500)), 50);
  EXPECT_EQ(takes(limit, 100, 200, kStart + milliseconds(1'500)), 100);
}

TEST(RateLimit, SavesNoMoreThanABurst) {
  RateLimit limit(5, kStart);
  EXPECT_EQ(takes(limit, 100, 5, kStart + std::chrono::hours(24 * 365)), 5);
}

TEST(RateLimit, LosesNothingToManySmallSteps) {
  RateLimit limit(1, kStart);
  EXPECT_EQ(takes(limit, 10, 1, kStart), 1);
  int taken = 0;
  for (int ms = 1; ms <= 10'000; ++ms) {
    taken += takes(limit, 10, 1, kStart + milliseconds(ms), 1);
  }
  EXPECT_NEAR(taken, 100, 1);
}

TEST(RateLimit, HoldsAtEveryRate) {
  RateLimit limit(1'000'000, kStart);
  EXPECT_EQ(takes(limit, 1'000'000, 1'000'000, kStart, 1'000'001), 1'000'000);
  EXPECT_NEAR(takes(limit, 1'000'000, 1'000'000, kStart + milliseconds(1)), 1'000, 1);
}

TEST(RateLimit, ABurstOfNoneIsOne) {
  RateLimit limit(0, kStart);
  EXPECT_EQ(takes(limit, 1, 0, kStart + std::chrono::seconds(5)), 1);
}

TEST(RateLimit, ARateOfNoneIsNoLimit) {
  RateLimit limit(1, kStart);
  EXPECT_EQ(takes(limit, 0, 1, kStart), 1'000);
}

}  // namespace
}  // namespace heliograph::gateway
