#include "base/token_bucket.hpp"

#include <gtest/gtest.h>

namespace heliograph::base {
namespace {

using std::chrono::milliseconds;

int takes(TokenBucket& bucket, const BucketRate& rate, std::chrono::duration<float> elapsed,
          int tries = 1'000) {
  bucket.fill(rate, elapsed);
  int taken = 0;
  for (; taken < tries && bucket.admits(rate); ++taken) bucket.take(1);
  return taken;
}

TEST(TokenBucket, AllowsABurstAndThenTheRate) {
  constexpr BucketRate kRate{.per_second = 100, .burst = 200};
  TokenBucket bucket(kRate.burst);
  EXPECT_EQ(takes(bucket, kRate, milliseconds(0)), 200);
  EXPECT_EQ(takes(bucket, kRate, milliseconds(500)), 50);
  EXPECT_EQ(takes(bucket, kRate, milliseconds(1'000)), 100);
}

TEST(TokenBucket, SavesNoMoreThanABurst) {
  constexpr BucketRate kRate{.per_second = 100, .burst = 5};
  TokenBucket bucket(kRate.burst);
  EXPECT_EQ(takes(bucket, kRate, std::chrono::hours(24 * 365)), 5);
}

TEST(TokenBucket, LosesNothingToManySmallSteps) {
  constexpr BucketRate kRate{.per_second = 10, .burst = 1};
  TokenBucket bucket(kRate.burst);
  int taken = 0;
  for (int i = 0; i < 10'000; ++i) taken += takes(bucket, kRate, milliseconds(1), 1);
  EXPECT_NEAR(taken, 100, 2);
}

TEST(TokenBucket, AdmitsSomethingOfAnySizeAndIsThenInDebt) {
  constexpr BucketRate kRate{.per_second = 1'000, .burst = 4'000};
  TokenBucket bucket(kRate.burst);
  bucket.take(3'999);
  EXPECT_TRUE(bucket.admits(kRate));
  bucket.take(10'001);
  EXPECT_FALSE(bucket.admits(kRate));
  EXPECT_NEAR(static_cast<double>(bucket.wait(kRate).count()), 10'001, 2);
  bucket.fill(kRate, bucket.wait(kRate));
  EXPECT_TRUE(bucket.admits(kRate));
}

TEST(TokenBucket, ABurstOfNoneIsOne) {
  constexpr BucketRate kRate{.per_second = 1, .burst = 0};
  TokenBucket bucket(kRate.burst);
  EXPECT_EQ(takes(bucket, kRate, std::chrono::seconds(5)), 1);
}

TEST(TokenBucket, ARateOfNoneIsNoLimit) {
  constexpr BucketRate kRate{.per_second = 0, .burst = 1};
  TokenBucket bucket(kRate.burst);
  EXPECT_EQ(takes(bucket, kRate, milliseconds(0)), 1'000);
}

}  // namespace
}  // namespace heliograph::base
