#include "server/fence.hpp"

#include <chrono>

#include <gtest/gtest.h>

namespace heliograph::server {
namespace {

using namespace std::chrono_literals;

constexpr base::TimePoint kNow{1000h};

TEST(FenceTest, NothingIsServedBeforeTheFirstLease) {
  const Fence fence;
  EXPECT_FALSE(fence.may_serve(kNow, 0));
}

TEST(FenceTest, ANodeServesUntilItsLeaseRunsOut) {
  Fence fence;
  fence.serve_until(kNow + 6s);
  EXPECT_TRUE(fence.may_serve(kNow + 6s, 0));
  EXPECT_FALSE(fence.may_serve(kNow + 6s + 1ns, 0));
  fence.serve_until(kNow + 9s);
  EXPECT_TRUE(fence.may_serve(kNow + 7s, 0));
}

TEST(FenceTest, ANodeThatGoesOnWithoutTheStoreServesButHasNoLeaseAfterAWhile) {
  Fence fence;
  fence.serve_until(kNow + 6s);
  EXPECT_TRUE(fence.has_lease(kNow + 6s));
  fence.serve_until(base::TimePoint::max());
  EXPECT_TRUE(fence.has_lease(kNow + 6s));
  EXPECT_FALSE(fence.has_lease(kNow + 7s));
  EXPECT_TRUE(fence.may_serve(kNow + 7s, 0));
  fence.serve_until(kNow + 13s);
  EXPECT_TRUE(fence.has_lease(kNow + 7s));
}

TEST(FenceTest, AWorkerServesAgainWhenItHasHeardThatItsPeersAreNoMore) {
  Fence fence;
  fence.serve_until(base::TimePoint::max());
  EXPECT_EQ(fence.lose_peers(), 1U);
  EXPECT_FALSE(fence.may_serve(kNow, 0));
  EXPECT_TRUE(fence.may_serve(kNow, 1));
  EXPECT_EQ(fence.lose_peers(), 2U);
  EXPECT_FALSE(fence.may_serve(kNow, 1));
}

}  // namespace
}  // namespace heliograph::server
