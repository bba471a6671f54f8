#include "signaling/relay_budget.hpp"

#include <gtest/gtest.h>

namespace heliograph::signaling {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr base::TimePoint kStart{std::chrono::hours(1)};
constexpr base::BucketRate kRate{.per_second = 1'000, .burst = 4'000};

PeerId peer(std::uint32_t slot) { return {.home = {}, .slot = slot, .nonce = slot}; }

TEST(RelayBudget, HoldsForEachTarget) {
  RelayBudget budget;
  budget.take(peer(1), kRate, 10'000, kStart);
  const auto wait = budget.wait_for(peer(1), kRate, kStart);
  ASSERT_TRUE(wait);
  EXPECT_NEAR(static_cast<double>(wait->count()), 6'000, 2);
  EXPECT_FALSE(budget.wait_for(peer(2), kRate, kStart));
  EXPECT_FALSE(budget.wait_for(peer(1), kRate, kStart + *wait));
}

TEST(RelayBudget, ForgetsTargetsWhoseBucketIsFullAgain) {
  RelayBudget budget;
  for (std::uint32_t i = 0; i < 1'000; ++i) {
    budget.take(peer(i), kRate, 1'000, kStart + seconds(2 * i));
  }
  EXPECT_LE(budget.targets(), 4U);
}

TEST(RelayBudget, KeepsTargetsInDebt) {
  RelayBudget budget;
  for (std::uint32_t i = 0; i < 100; ++i) budget.take(peer(99 - i), kRate, 1'000'000, kStart);
  for (std::uint32_t i = 0; i < 100; ++i) EXPECT_TRUE(budget.wait_for(peer(i), kRate, kStart)) << i;
}

TEST(RelayBudget, OfRoomsPaysForEachReceiver) {
  RelayBudget budget;
  EXPECT_FALSE(budget.wait_for_room(kRate, kStart));
  budget.take_for_room(kRate, 50, 100, kStart);
  EXPECT_TRUE(budget.wait_for_room(kRate, kStart));
  EXPECT_FALSE(budget.wait_for_room(kRate, kStart + milliseconds(1'002)));
}

TEST(RelayBudget, WithoutARateRemembersNothing) {
  RelayBudget budget;
  budget.take(peer(1), {}, 1'000'000, kStart);
  budget.take_for_room({}, 1'000'000, 1'000, kStart);
  EXPECT_FALSE(budget.wait_for(peer(1), {}, kStart));
  EXPECT_FALSE(budget.wait_for_room({}, kStart));
  EXPECT_EQ(budget.targets(), 0U);
}

}  // namespace
}  // namespace heliograph::signaling
