#include "signaling/task.hpp"

#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "signaling/testing/task_fixture.hpp"

namespace heliograph::signaling {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class TaskTest : public testing::Test {
 protected:
  template <class Effect>
  const Effect& only() {
    EXPECT_EQ(task_.effects.size(), 1U);
    return std::get<Effect>(task_.effects.at(0));
  }
  Task task_ = task_of(1);
};

TEST_F(TaskTest, AcknowledgesOnlyToASenderThatAsksForIt) {
  task_.acknowledge("[1]");
  EXPECT_THAT(task_.effects, IsEmpty());
  task_.request.ack = 7;
  task_.acknowledge("[2]");
  EXPECT_EQ(only<Acknowledgement>().to, peer(1));
  EXPECT_EQ(only<Acknowledgement>().id, 7U);
  EXPECT_EQ(only<Acknowledgement>().arguments, "[2]");
}

TEST_F(TaskTest, RefusesByTheAcknowledgementIfThereIsOne) {
  task_.request.ack = 7;
  task_.request.refused_as = "room-kick-request";
  task_.refuse(Error::kNotOwner);
  EXPECT_THAT(only<Acknowledgement>().arguments, HasSubstr("not-owner"));
}

TEST_F(TaskTest, RefusesByARequestErrorElse) {
  task_.refuse(Error::kNotOwner);
  EXPECT_THAT(task_.effects, IsEmpty());
  task_.request.refused_as = "room-kick-request";
  task_.refuse(Error::kNotOwner);
  EXPECT_THAT(only<RequestError>().event, HasSubstr(R"("event":"room-kick-request")"));
}

TEST_F(TaskTest, SettlesWithTheAttachmentsOfTheRequest) {
  task_.request.attachments = std::make_shared<const std::vector<std::string>>(1, "bytes");
  task_.settle(Answers::kEntry, Membership::kMember, "[]");
  const auto& update = only<RoomUpdate>();
  EXPECT_THAT(update.to, ElementsAre(peer(1)));
  EXPECT_EQ(update.room, "north");
  EXPECT_EQ(update.answers, Answers::kEntry);
  EXPECT_EQ(update.attachments, task_.request.attachments);
}

TEST_F(TaskTest, TellsNobodyNothing) {
  task_.update({}, Membership::kMember, "[]");
  task_.tell_of_stranger({}, {peer(2)}, "[]");
  EXPECT_THAT(task_.effects, IsEmpty());
}

TEST_F(TaskTest, AnnouncesANewcomerToTheOtherMembers) {
  Room room(peer(1), "");
  room.admit(peer(2), "");
  task_.announce(room, peer(2), {}, nullptr);
  EXPECT_THAT(only<RoomUpdate>().to, ElementsAre(peer(1)));
  EXPECT_THAT(only<RoomUpdate>().event, HasSubstr("room-user-join"));
}

TEST_F(TaskTest, SaysInEachUpdateHowManyMembersThereAre) {
  task_.request.ack = 7;
  task_.settle(Answers::kLeave, Membership::kNone, {});
  task_.acknowledge("[]");
  task_.update({peer(2)}, Membership::kMember, "[]");
  task_.note_members(3);
  EXPECT_EQ(std::get<RoomUpdate>(task_.effects.at(0)).members, 3U);
  EXPECT_EQ(std::get<RoomUpdate>(task_.effects.at(2)).members, 3U);
}

TEST_F(TaskTest, APeerIsAMemberOrACandidateOrNothingToARoom) {
  Room room(peer(1), "");
  room.ask({.candidate = peer(2), .peerinfo = {}, .payload = {}, .attachments = {}});
  EXPECT_EQ(membership_in(&room, peer(1)), Membership::kMember);
  EXPECT_EQ(membership_in(&room, peer(2)), Membership::kPending);
  EXPECT_EQ(membership_in(&room, peer(3)), Membership::kNone);
  EXPECT_EQ(membership_in(nullptr, peer(1)), Membership::kNone);
}

}  // namespace
}  // namespace heliograph::signaling
