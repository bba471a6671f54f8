#include "signaling/showings.hpp"

#include <chrono>

#include <gtest/gtest.h>

namespace heliograph::signaling {
namespace {

using namespace std::chrono_literals;

constexpr base::TimePoint kStart{1h};

TEST(Showings, ComeInTheOrderOfTheirTimes) {
  Showings showings;
  EXPECT_EQ(showings.deadline(), base::TimePoint::max());
  showings.note({"north", 1}, kStart + 2s);
  showings.note({"south", 1}, kStart + 1s);
  EXPECT_EQ(showings.deadline(), kStart + 1s);
  EXPECT_FALSE(showings.take_due(kStart));
  EXPECT_EQ(showings.take_due(kStart + 2s)->room, "south");
  EXPECT_EQ(showings.take_due(kStart + 2s)->room, "north");
  EXPECT_FALSE(showings.take_due(kStart + 2s));
}

TEST(Showings, KeepTheEarlierOfTwoTimes) {
  Showings showings;
  showings.note({"north", 1}, kStart + 2s);
  showings.note({"north", 1}, kStart + 3s);
  EXPECT_EQ(showings.deadline(), kStart + 2s);
  showings.note({"north", 1}, kStart + 1s);
  EXPECT_EQ(showings.deadline(), kStart + 1s);
  EXPECT_TRUE(showings.take_due(kStart + 1s));
  EXPECT_EQ(showings.deadline(), base::TimePoint::max());
}

TEST(Showings, AreSeparateForEachNode) {
  Showings showings;
  showings.note({"north", 1}, kStart);
  showings.note({"north", 2}, kStart);
  EXPECT_EQ(showings.take_due(kStart)->node, 1U);
  EXPECT_EQ(showings.take_due(kStart)->node, 2U);
}

}  // namespace
}  // namespace heliograph::signaling
