#include <chrono>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cluster/shared_rooms.hpp"
#include "cluster/testing/shared_rooms_fixture.hpp"

namespace heliograph::cluster {
namespace {

using namespace std::chrono_literals;
using signaling::Room;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::kHere;
using testing::kThere;
using testing::news;
namespace action = signaling::room_action;
using Kind = CommitAnswer::Kind;

using SharedRoomsLossTest = testing::SharedRoomsFixture;

TEST_F(SharedRoomsLossTest, RestoresARoomAsItKnowsIt) {
  open({ada_, eve_});
  rooms_.pause();
  rooms_.restore();
  ASSERT_EQ(commits_.size(), 1U);
  EXPECT_TRUE(last().restores);
  EXPECT_EQ(last().version, "3-9-9");
  EXPECT_EQ(last().new_version, "3-9-9");
  EXPECT_THAT(last().joined, ElementsAre(kHere, kThere));
  EXPECT_THAT(delivered(kThere), ElementsAre("is outside"));
  EXPECT_THAT(delivered(kHere), IsEmpty());
  EXPECT_EQ(last().deadline, base::TimePoint::max());
  RoomFields fields;
  for (const auto& [name, value] : last().change.set) fields[name] = value;
  EXPECT_EQ(fields, stored_.fields);
}

TEST_F(SharedRoomsLossTest, RestoresNoRoomThatItDoesNotKnow) {
  rooms_.pause();
  ask(ada_, action::Create{});
  rooms_.restore();
  EXPECT_THAT(commits_, IsEmpty());
}

TEST_F(SharedRoomsLossTest, LeavesARoomThatOthersHaveChangedToThem) {
  open({eve_, ada_, bob_});
  rooms_.on_change(news("north"), now_);
  commits_.clear();
  rooms_.pause();
  rooms_.restore();
  EXPECT_THAT(commits_, IsEmpty());
  rooms_.resume(now_);
  Room newer(eve_, "");
  newer.admit(bob_, "");
  find_restored(newer, "4-2-1");
  EXPECT_THAT(node_.disconnected, ElementsAre(ada_));
}

TEST_F(SharedRoomsLossTest, APeerThatWasTakenOutBeforeTheLossStaysConnected) {
  open({eve_, ada_, bob_});
  rooms_.on_change(news("north", {ada_}, signaling::Membership::kNone), now_);
  lose_store();
  Room newer(eve_, "");
  newer.admit(bob_, "");
  find_restored(newer, "4-2-1");
  EXPECT_THAT(node_.disconnected, IsEmpty());
}

TEST_F(SharedRoomsLossTest, DisconnectsPeersThatWereToldOfWhatTheStoreLost) {
  open({eve_, ada_});
  rooms_.on_change(news("north", {ada_}), now_);
  lose_store();
  Room older(eve_, "");
  older.admit(ada_, "");
  find_restored(older, "3-9-9");
  EXPECT_THAT(node_.disconnected, ElementsAre(ada_));
}

TEST_F(SharedRoomsLossTest, LeavesRoomsToNodesWithPeersInThem) {
  ask(ada_, action::Describe{});
  conflict(Room(eve_, ""), "7-2-1");
  commits_.clear();
  rooms_.pause();
  rooms_.restore();
  EXPECT_THAT(commits_, IsEmpty());
}

TEST_F(SharedRoomsLossTest, GoesOnFromTheRoomThatTheStoreHoldsInstead) {
  open({ada_});
  Room newer(eve_, "");
  newer.admit(ada_, "");
  rooms_.replace("north", {"8-2-1", fields_of(newer)});
  ask(ada_, action::Leave{});
  EXPECT_EQ(last().version, "8-2-1");
  EXPECT_THAT(delivered(kThere), ElementsAre("p3 room-user-leave: inside"));
}

TEST_F(SharedRoomsLossTest, DisconnectsPeersThatAreNotThereAsTheyWereTold) {
  open({eve_, ada_, bob_});
  Room newer(eve_, "");
  newer.admit(bob_, "");
  rooms_.replace("north", {"8-2-1", fields_of(newer)});
  EXPECT_THAT(node_.disconnected, ElementsAre(ada_));
}

TEST_F(SharedRoomsLossTest, TakesOutPeersOfItsOwnThatItDoesNotKnow) {
  Room old(eve_, "");
  old.admit(ada_, "");
  rooms_.on_restored("north", now_);
  conflict(old, "7-2-1");
  EXPECT_THAT(last().left, ElementsAre(kHere));
  EXPECT_THAT(delivered(kThere), ElementsAre("p3 room-user-leave: inside"));
  done();
  EXPECT_EQ(rooms_.size(), 0U);
}

TEST_F(SharedRoomsLossTest, ForgetsARestoredRoomWithNoneOfItsPeers) {
  rooms_.on_restored("north", now_);
  ASSERT_EQ(commits_.size(), 1U);
  conflict(Room(eve_, ""), "7-2-1");
  EXPECT_EQ(commits_.size(), 1U);
  EXPECT_EQ(rooms_.size(), 0U);
}

TEST_F(SharedRoomsLossTest, ForgetsEverything) {
  open({ada_});
  ask(bob_, action::Join{});
  rooms_.clear();
  EXPECT_EQ(rooms_.size(), 0U);
  EXPECT_TRUE(rooms_.is_idle());
  EXPECT_EQ(rooms_.deadline(), base::TimePoint::max());
  answer(Kind::kDone);
  pass(1h);
  EXPECT_THAT(told_, IsEmpty());
}

}  // namespace
}  // namespace heliograph::cluster
