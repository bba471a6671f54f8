#include "cluster/room_line.hpp"

#include <gtest/gtest.h>

namespace heliograph::cluster {
namespace {

TEST(RoomLineTest, GivesEachRoomOnceInItsTurn) {
  RoomLine line;
  EXPECT_TRUE(line.is_empty());
  line.push("north");
  line.push("south");
  line.push("north");
  EXPECT_EQ(line.pop(), "north");
  line.push("north");
  EXPECT_EQ(line.pop(), "south");
  EXPECT_EQ(line.pop(), "north");
  EXPECT_TRUE(line.is_empty());
}

TEST(RoomLineTest, ForgetsEverything) {
  RoomLine line;
  line.push("north");
  line.clear();
  EXPECT_TRUE(line.is_empty());
  line.push("north");
  EXPECT_EQ(line.pop(), "north");
}

}  // namespace
}  // namespace heliograph::cluster
