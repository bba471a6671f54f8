#include "signaling/join_timeouts.hpp"

#include <chrono>

#include <gtest/gtest.h>

namespace heliograph::signaling {
namespace {

using namespace std::chrono_literals;

constexpr base::TimePoint kStart{1h};

TEST(JoinTimeouts, EndInTheOrderInWhichTheyBegan) {
  JoinTimeouts timeouts(60s);
  EXPECT_EQ(timeouts.deadline(), base::TimePoint::max());
  timeouts.begin({1, "north", {}}, kStart);
  timeouts.begin({2, "south", {}}, kStart + 1s);
  EXPECT_EQ(timeouts.deadline(), kStart + 60s);
  EXPECT_FALSE(timeouts.take_overdue(kStart + 59s));
  EXPECT_EQ(timeouts.take_overdue(kStart + 60s)->room, "north");
  EXPECT_FALSE(timeouts.take_overdue(kStart + 60s));
  EXPECT_EQ(timeouts.take_overdue(kStart + 61s)->serial, 2U);
  EXPECT_EQ(timeouts.deadline(), base::TimePoint::max());
}

TEST(JoinTimeouts, AreNotOverForARequestThatHasEnded) {
  JoinTimeouts timeouts(60s);
  timeouts.begin({1, "north", {}}, kStart);
  timeouts.end(1);
  EXPECT_EQ(timeouts.deadline(), base::TimePoint::max());
  EXPECT_FALSE(timeouts.take_overdue(kStart + 1h));
}

}  // namespace
}  // namespace heliograph::signaling
