#include "gateway/peer_deadlines.hpp"

#include <chrono>

#include <gtest/gtest.h>

namespace heliograph::gateway {
namespace {

TEST(PeerDeadlines, AreTakenOneByOneWhenDue) {
  const base::TimePoint first(std::chrono::hours(1));
  const base::TimePoint second = first + std::chrono::seconds(1);
  PeerDeadlines deadlines;
  EXPECT_EQ(deadlines.deadline(), base::TimePoint::max());
  EXPECT_FALSE(deadlines.take_due(second));

  deadlines.add(first, {.home = {}, .slot = 1});
  deadlines.add(second, {.home = {}, .slot = 2});
  EXPECT_EQ(deadlines.deadline(), first);
  EXPECT_EQ(deadlines.take_due(first)->peer.slot, 1U);
  EXPECT_EQ(deadlines.deadline(), second);
  EXPECT_FALSE(deadlines.take_due(first));
  EXPECT_EQ(deadlines.take_due(second)->peer.slot, 2U);
  EXPECT_EQ(deadlines.deadline(), base::TimePoint::max());
}

}  // namespace
}  // namespace heliograph::gateway
