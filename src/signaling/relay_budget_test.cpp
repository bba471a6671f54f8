#include "signaling/relay_budget.hpp"

#include <gtest/gtest.h>

namespace heliograph::signaling {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr base::TimePoint kStart{std::chrono::hours(1)};
constexpr base::BucketRate kRate{.per_second = 1'000, .burst = 4'000};

PeerId peer(std::uint32_t slot) { return {.home = {}, .slot = slot, .nonce = slot}; }

class RelayBudgetTest : public testing::Test {
 protected:
  void take(std::uint32_t slot, std::size_t bytes, base::TimePoint now) {
    budget_.bucket_for(peer(slot), kRate, now).take(bytes);
  }
  bool admits(std::uint32_t slot, base::TimePoint now) {
    return budget_.bucket_for(peer(slot), kRate, now).admits(kRate);
  }

  RelayBudget budget_;
};

TEST_F(RelayBudgetTest, HoldsForEachTarget) {
  take(1, 10'000, kStart);
  EXPECT_TRUE(admits(2, kStart));
  EXPECT_FALSE(admits(1, kStart));
  const milliseconds wait = budget_.bucket_for(peer(1), kRate, kStart).wait(kRate);
  EXPECT_NEAR(static_cast<double>(wait.count()), 6'000, 2);
  EXPECT_TRUE(admits(1, kStart + wait));
}

TEST_F(RelayBudgetTest, ForgetsTargetsWhoseBucketIsFullAgain) {
  for (std::uint32_t i = 0; i < 1'000; ++i) take(i, 1'000, kStart + seconds(2 * i));
  EXPECT_LE(budget_.targets(), 4U);
}

TEST_F(RelayBudgetTest, KeepsTargetsInDebt) {
  for (std::uint32_t i = 0; i < 100; ++i) take(99 - i, 1'000'000, kStart);
  for (std::uint32_t i = 0; i < 100; ++i) EXPECT_FALSE(admits(i, kStart)) << i;
}

TEST_F(RelayBudgetTest, OfRoomsIsOneForAll) {
  EXPECT_TRUE(budget_.bucket_for_rooms(kRate, kStart).admits(kRate));
  budget_.bucket_for_rooms(kRate, kStart).take(5'000);
  EXPECT_FALSE(budget_.bucket_for_rooms(kRate, kStart).admits(kRate));
  EXPECT_TRUE(budget_.bucket_for_rooms(kRate, kStart + milliseconds(1'002)).admits(kRate));
}

TEST_F(RelayBudgetTest, WithoutARateAdmitsAllAndRemembersOneTarget) {
  for (std::uint32_t i = 0; i < 100; ++i) budget_.bucket_for(peer(i), {}, kStart).take(1'000'000);
  EXPECT_TRUE(budget_.bucket_for(peer(1), {}, kStart).admits({}));
  budget_.bucket_for_rooms({}, kStart).take(1'000'000'000);
  EXPECT_TRUE(budget_.bucket_for_rooms({}, kStart).admits({}));
  EXPECT_LE(budget_.targets(), 1U);
}

}  // namespace
}  // namespace heliograph::signaling
