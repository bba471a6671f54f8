#include "signaling/lingering_rooms.hpp"

#include <chrono>

#include <gtest/gtest.h>

namespace heliograph::signaling {
namespace {

using namespace std::chrono_literals;

constexpr base::TimePoint kStart{1h};

TEST(LingeringRooms, EndWhenTheirTimeIsOver) {
  LingeringRooms rooms(10s);
  EXPECT_EQ(rooms.deadline(), base::TimePoint::max());
  EXPECT_FALSE(rooms.take_due(base::TimePoint::max()));
  rooms.add("north", 1, kStart);
  rooms.add("south", 2, kStart + 1s);
  EXPECT_EQ(rooms.deadline(), kStart + 10s);
  EXPECT_FALSE(rooms.take_due(kStart + 9s));
  EXPECT_EQ(rooms.take_due(kStart + 10s)->room, "north");
  EXPECT_FALSE(rooms.take_due(kStart + 10s));
  EXPECT_EQ(rooms.take_due(kStart + 11s)->number, 2U);
}

TEST(LingeringRooms, TheOldestEndsAtOnceIfThereAreTooMany) {
  LingeringRooms rooms(10s);
  for (std::size_t i = 0; i < LingeringRooms::kMost; ++i) rooms.add("north", i, kStart);
  EXPECT_FALSE(rooms.take_due(kStart));
  rooms.add("south", LingeringRooms::kMost, kStart);
  EXPECT_EQ(rooms.deadline(), base::TimePoint::min());
  EXPECT_EQ(rooms.take_due(kStart)->number, 0U);
  EXPECT_FALSE(rooms.take_due(kStart));
}

TEST(LingeringRooms, TakeBytesUntilTheyEnd) {
  LingeringRooms rooms(10s);
  rooms.add("north", 1, kStart);
  EXPECT_GT(rooms.held_bytes(), 0U);
  EXPECT_EQ(rooms.take_oldest()->room, "north");
  EXPECT_EQ(rooms.held_bytes(), 0U);
  EXPECT_FALSE(rooms.take_oldest());
}

TEST(LingeringRooms, AreNotKeptWithoutATimeToWait) {
  EXPECT_TRUE(LingeringRooms(10s).are_kept());
  EXPECT_FALSE(LingeringRooms(0s).are_kept());
}

}  // namespace
}  // namespace heliograph::signaling
