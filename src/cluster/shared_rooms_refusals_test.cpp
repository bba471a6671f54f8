#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cluster/shared_rooms.hpp"
#include "cluster/testing/message_lines.hpp"
#include "cluster/testing/shared_rooms_fixture.hpp"

namespace heliograph::cluster {
namespace {

using namespace std::chrono_literals;
using signaling::PeerId;
using signaling::Room;
using signaling::RoomRequest;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::kElsewhere;
using testing::kHere;
using testing::kPatience;
using testing::kThere;
using testing::peer;
using testing::relay;
using testing::request;
using ::testing::StartsWith;
namespace action = signaling::room_action;
using Kind = CommitAnswer::Kind;

using SharedRoomsRefusalTest = testing::SharedRoomsFixture;

struct Refusal {
  const char* name;
  signaling::RoomAction action;
  std::vector<std::string> told;
};

class RefusalTest : public testing::SharedRoomsFixture,
                    public ::testing::WithParamInterface<Refusal> {};

TEST_P(RefusalTest, TellsAPeerThatHasWaitedTooLong) {
  rooms_.pause();
  RoomRequest asked = request(ada_, GetParam().action);
  asked.ack = 7;
  asked.wants_passed_on = true;
  ask(std::move(asked));
  pass(kPatience - 1ms);
  EXPECT_THAT(told_, IsEmpty());
  pass(1ms);
  EXPECT_EQ(told_, GetParam().told);
  rooms_.resume(now_);
  EXPECT_THAT(commits_, IsEmpty());
  EXPECT_TRUE(rooms_.is_idle());
}

INSTANTIATE_TEST_SUITE_P(
    Actions, RefusalTest,
    ::testing::Values(
        Refusal{"Create",
                action::Create{},
                {"p1 room-create-reject: as it was, answers an entry",
                 "p1 ack 7: cluster-unavailable", "p1 passed on"}},
        Refusal{"Join",
                action::Join{},
                {"p1 room-join-reject: as it was, answers an entry",
                 "p1 ack 7: cluster-unavailable", "p1 passed on"}},
        Refusal{
            "Leave",
            action::Leave{},
            {"p1 is as it was, answers a leave", "p1 ack 7: cluster-unavailable", "p1 passed on"}},
        Refusal{"AnswerJoin",
                action::AnswerJoin{peer(kThere, 3), signaling::Answer::kAccept},
                {"p1 ack 7: cluster-unavailable", "p1 passed on"}},
        Refusal{"Kick",
                action::Kick{peer(kThere, 3)},
                {"p1 ack 7: cluster-unavailable", "p1 passed on"}},
        Refusal{"Update", action::Update{}, {"p1 ack 7: cluster-unavailable", "p1 passed on"}},
        Refusal{"Describe", action::Describe{}, {"p1 ack 7: cluster-unavailable", "p1 passed on"}},
        Refusal{"Broadcast",
                action::Broadcast{"[]"},
                {"p1 ack 7: cluster-unavailable", "p1 passed on"}}),
    [](const auto& about) { return about.param.name; });

TEST_F(SharedRoomsRefusalTest, ARequestThatNobodyWaitsForIsNeverRefused) {
  open({ada_, bob_, eve_});
  rooms_.pause();
  ask(ada_, action::ChangePeerinfo{"1"});
  ask(bob_, action::Leave{.has_gone = true});
  rooms_.remove_node("north", kThere, now_);
  pass(24h);
  EXPECT_THAT(told_, IsEmpty());
  rooms_.resume(now_);
  EXPECT_EQ(last().deadline, base::TimePoint::max());
  done();
  EXPECT_EQ(stored_room().peers(), std::vector{ada_});
  EXPECT_EQ(stored_room().members()[0].peerinfo, "1");
}

TEST_F(SharedRoomsRefusalTest, RefusesARelayThatHasWaitedTooLong) {
  rooms_.pause();
  auto waiting = relay(ada_, bob_);
  waiting.ack = 7;
  ask(waiting);
  pass(kPatience);
  EXPECT_THAT(told_, ElementsAre("p1 ack 7: cluster-unavailable", "p1 passed on"));
}

// Node watches over its acknowledgement.
TEST_F(SharedRoomsRefusalTest, GivesUpARelayToAnotherNodeInSilence) {
  rooms_.pause();
  auto waiting = relay(ada_, eve_);
  waiting.ack = 7;
  ask(waiting);
  pass(kPatience);
  EXPECT_THAT(told_, ElementsAre("p1 passed on"));
  rooms_.resume(now_);
  EXPECT_THAT(commits_, IsEmpty());
}

TEST_F(SharedRoomsRefusalTest, DropsARequestThatWasRefusedUnderWayIfItsCommitFails) {
  ask(ada_, action::Create{}, 7);
  pass(kPatience);
  EXPECT_THAT(told_, ElementsAre("p1 room-create-reject: as it was, answers an entry",
                                 "p1 ack 7: cluster-unavailable"));
  answer(Kind::kLater);
  pass(1h);
  EXPECT_EQ(commits_.size(), 1U);
  EXPECT_TRUE(rooms_.is_idle());
  EXPECT_EQ(told_.size(), 2U);
}

TEST_F(SharedRoomsRefusalTest, DropsARefusedRequestIfAnotherNodeWasFaster) {
  ask(ada_, action::Create{});
  ask(bob_, action::Describe{}, 8);
  pass(kPatience / 2);
  ask(bob_, action::Create{}, 9);
  pass(kPatience / 2);
  conflict(Room(eve_, ""), "1-2-3");
  EXPECT_THAT(delivered(kHere), ElementsAre("p2 room-create-reject: outside, answers an entry",
                                            "p2 ack 9: room-taken"));
}

TEST_F(SharedRoomsRefusalTest, APeerThatWasRefusedAndEnteredAfterAllLeavesAgain) {
  for (const signaling::RoomAction& entry :
       {signaling::RoomAction(action::Create{}), signaling::RoomAction(action::Join{})}) {
    stored_ = {};
    ask(ada_, entry);
    if (std::holds_alternative<action::Join>(entry)) conflict(Room(bob_, ""), "1-2-3");
    pass(kPatience);
    done();
    EXPECT_FALSE(rooms_.is_idle());
    done();
    const auto room = room_of(stored_.fields);
    EXPECT_TRUE(rooms_.is_idle());
    if (!room) continue;
    EXPECT_EQ(room->peers(), std::vector{bob_});
    EXPECT_THAT(room->requests(), IsEmpty());
  }
}

TEST_F(SharedRoomsRefusalTest, ASuccessorIsToldByTheCommitThatTakesThePeerOut) {
  open({ada_, eve_});
  const PeerId newcomer = peer(kElsewhere, 9);
  ask(ada_, action::Leave{.has_gone = true, .successor = newcomer});
  EXPECT_THAT(delivered(kElsewhere), ElementsAre("p9 replaces p1"));
  EXPECT_THAT(delivered(kThere), Contains(StartsWith("p3 room-user-leave")));
}

TEST_F(SharedRoomsRefusalTest, APeerThatWasRefusedLeavesBeforeAnythingElseHappens) {
  ask(ada_, action::Create{});
  pass(kPatience);
  ask(bob_, action::Create{}, 8);
  done();
  EXPECT_THAT(delivered(kHere),
              ElementsAre("p1 is outside", "p2 room-create-accept: inside, answers an entry",
                          "p2 ack 8: ok"));
  done();
  EXPECT_EQ(stored_room().peers(), std::vector{bob_});
}

TEST_F(SharedRoomsRefusalTest, APeerThatWasRefusedHearsNothingOfTheRoomUntilItIsOutAgain) {
  ask(ada_, action::Create{});
  const std::uint64_t entry = last().serial;
  pass(kPatience);
  EXPECT_FALSE(is_shut_out(ada_));  // what comes by was said before
  refusals_.on_commit(entry);
  EXPECT_TRUE(is_shut_out(ada_));
  EXPECT_FALSE(is_shut_out(bob_));
  EXPECT_FALSE(refusals_.is_shut_out("south", ada_));
  done();
  refusals_.on_gone(entry, "north", ada_);  // of an earlier time
  EXPECT_TRUE(is_shut_out(ada_));
  refusals_.on_gone(last().serial, "north", ada_);
  EXPECT_FALSE(is_shut_out(ada_));
}

TEST_F(SharedRoomsRefusalTest, NobodyIsShutOutByACommitThatFailed) {
  ask(ada_, action::Create{});
  const std::uint64_t entry = last().serial;
  pass(kPatience);
  conflict(Room(eve_, ""), "1-2-3");
  refusals_.on_commit(entry);
  EXPECT_FALSE(is_shut_out(ada_));
}

// A member that asks once more has not come in by that.
TEST_F(SharedRoomsRefusalTest, AMemberThatIsRefusedStaysAMember) {
  open({ada_, eve_});
  ask(ada_, action::Join{}, 7);
  pass(kPatience);
  refusals_.on_commit(last().serial);
  EXPECT_FALSE(is_shut_out(ada_));
  done();
  EXPECT_TRUE(rooms_.is_idle());
  EXPECT_THAT(stored_room().peers(), Contains(ada_));
}

TEST_F(SharedRoomsRefusalTest, RefusesWithAnEntryWhatItsSenderAskedBehindIt) {
  ask(ada_, action::Describe{});
  pass(kPatience / 2);
  ask(ada_, action::Create{}, 7);
  ask(ada_, action::Describe{}, 8);
  answer(Kind::kDone);
  pass(kPatience / 4);
  ask(ada_, action::Describe{}, 9);
  told_.clear();
  pass(kPatience - kPatience / 4);
  EXPECT_THAT(told_, ElementsAre("p1 room-create-reject: as it was, answers an entry",
                                 "p1 ack 7: cluster-unavailable", "p1 ack 8: cluster-unavailable"));
}

}  // namespace
}  // namespace heliograph::cluster
