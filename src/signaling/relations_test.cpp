#include "signaling/relations.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace heliograph::signaling {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Limits limits() {
  Limits limits;
  limits.max_rooms_per_peer = 2;
  limits.max_event_bytes = 100;
  limits.max_room_name_bytes = 10;
  return limits;
}

class RelationsTest : public testing::Test {
 protected:
  RelationsTest() {
    ada_.id = {.home = {}, .slot = 0, .nonce = 1};
    relations_.add(ada_);
  }
  std::optional<Error> begin_entry(std::string_view room, std::size_t bytes = 0) {
    const auto refusal = relations_.begin_entry(ada_, room, bytes);
    return refusal ? std::optional(refusal->error) : std::nullopt;
  }
  void settle(Answers answers, Membership membership) {
    RoomUpdate update;
    update.room = "north";
    update.membership = membership;
    update.answers = answers;
    relations_.settle(ada_, *ada_.find("north"), update);
  }

  Peer ada_;
  Relations relations_{limits(), Relations::Index::kMembers};
};

TEST_F(RelationsTest, BeginWithARequestAndEndWithItsRefusal) {
  const std::size_t before = relations_.held_bytes();
  EXPECT_EQ(before, ada_.held_bytes());
  EXPECT_FALSE(begin_entry("north", 10));
  EXPECT_GT(relations_.held_bytes(), before);
  EXPECT_EQ(relations_.held_bytes(), ada_.held_bytes());
  settle(Answers::kEntry, Membership::kNone);
  EXPECT_THAT(ada_.relations, IsEmpty());
  EXPECT_EQ(relations_.held_bytes(), before);
}

TEST_F(RelationsTest, LastUntilAllRequestsAreAnswered) {
  begin_entry("north");
  begin_entry("north");
  settle(Answers::kEntry, Membership::kNone);
  EXPECT_EQ(ada_.relations.size(), 1U);
  settle(Answers::kEntry, Membership::kNone);
  EXPECT_THAT(ada_.relations, IsEmpty());
}

TEST_F(RelationsTest, AreRefusedBeyondTheLimits) {
  EXPECT_EQ(begin_entry("north of it all"), Error::kRoomNameTooLong);
  EXPECT_EQ(begin_entry("\x01"), Error::kInvalidArguments);
  EXPECT_EQ(begin_entry("north", 101), Error::kEventTooLarge);
  EXPECT_FALSE(begin_entry("north", 60));
  EXPECT_EQ(begin_entry("south", 41), Error::kEventTooLarge);
  EXPECT_FALSE(begin_entry("south", 40));
  EXPECT_EQ(begin_entry("east"), Error::kTooManyRooms);
  EXPECT_EQ(ada_.relations.size(), 2U);
}

TEST_F(RelationsTest, ARoomThatKeepsTheLatestRequestCountsTheLargest) {
  EXPECT_FALSE(begin_entry("north", 60));
  EXPECT_FALSE(begin_entry("north", 80));
  EXPECT_FALSE(begin_entry("north", 10));
  EXPECT_EQ(ada_.pending_bytes(), 80U);
  settle(Answers::kEntry, Membership::kMember);
  settle(Answers::kEntry, Membership::kMember);
  settle(Answers::kEntry, Membership::kMember);
  EXPECT_EQ(ada_.pending_bytes(), 0U);
}

TEST_F(RelationsTest, ALeaveIsRememberedOnceItIsAnswered) {
  begin_entry("north");
  settle(Answers::kEntry, Membership::kMember);
  EXPECT_FALSE(relations_.has_left(ada_.id, "north"));
  ++ada_.find("north")->leaving;
  settle(Answers::kLeave, Membership::kNone);
  EXPECT_TRUE(relations_.has_left(ada_.id, "north"));
  EXPECT_FALSE(relations_.has_left(ada_.id, "south"));
}

TEST_F(RelationsTest, MembersAreFoundByTheirRoom) {
  begin_entry("north");
  EXPECT_THAT(relations_.members_of("north"), IsEmpty());
  settle(Answers::kEntry, Membership::kMember);
  EXPECT_THAT(relations_.members_of("north"), ElementsAre(ada_.id));
  EXPECT_EQ(relations_.take_all(ada_).size(), 1U);
  EXPECT_THAT(relations_.members_of("north"), IsEmpty());
  EXPECT_EQ(relations_.held_bytes(), 0U);
}

TEST_F(RelationsTest, AnAnswerThatKnowsNothingChangesNothing) {
  begin_entry("north");
  settle(Answers::kEntry, Membership::kMember);
  settle(Answers::kNone, Membership::kUnchanged);
  EXPECT_TRUE(ada_.is_member("north"));
}

}  // namespace
}  // namespace heliograph::signaling
