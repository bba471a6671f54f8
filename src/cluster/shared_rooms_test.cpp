#include "cluster/shared_rooms.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cluster/testing/message_lines.hpp"
#include "cluster/testing/shared_rooms_fixture.hpp"

namespace heliograph::cluster {
namespace {

using namespace std::chrono_literals;
using signaling::Room;
using signaling::RoomRequest;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::kElsewhere;
using testing::kHere;
using testing::kJoinTime;
using testing::kPatience;
using testing::kThere;
using testing::news;
using testing::peer;
using testing::relay;
using testing::request;
using ::testing::StartsWith;
namespace action = signaling::room_action;
using Kind = CommitAnswer::Kind;

using SharedRoomsTest = testing::SharedRoomsFixture;

TEST_F(SharedRoomsTest, CommitsTheEffectsOfARequest) {
  ask(ada_, action::Create{R"("Ada")"}, 7);
  ASSERT_EQ(commits_.size(), 1U);
  EXPECT_EQ(last().room, "north");
  EXPECT_EQ(last().version, "");
  EXPECT_THAT(last().new_version, StartsWith("1-"));
  EXPECT_EQ(last().life, Commit::Life::kBegins);
  EXPECT_FALSE(last().restores);
  EXPECT_EQ(last().deadline, now_ + kPatience);
  EXPECT_THAT(last().joined, ElementsAre(kHere));
  EXPECT_THAT(last().left, IsEmpty());
  EXPECT_THAT(delivered(kHere),
              ElementsAre("p1 room-create-accept: inside, answers an entry", "p1 ack 7: ok"));
  done();
  EXPECT_EQ(stored_room().owners(), std::vector{ada_});
  EXPECT_EQ(stored_room().members()[0].peerinfo, R"("Ada")");
  EXPECT_THAT(told_, IsEmpty());
  EXPECT_TRUE(rooms_.is_idle());
}

TEST_F(SharedRoomsTest, WritesOnlyWhatChanges) {
  open({ada_});
  ask(eve_, action::Join{});
  EXPECT_EQ(last().version, "3-9-9");
  EXPECT_THAT(last().new_version, StartsWith("4-"));
  EXPECT_EQ(last().change.set.size(), 1U);
  EXPECT_THAT(last().change.erased, IsEmpty());
  EXPECT_THAT(last().joined, ElementsAre(kThere));
}

TEST_F(SharedRoomsTest, GivesEachVersionANameOfItsOwn) {
  open({ada_});
  ask(ada_, action::ChangePeerinfo{"1"});
  const std::string first = last().new_version;
  done();
  ask(ada_, action::ChangePeerinfo{"2"});
  EXPECT_NE(last().new_version, first);
  EXPECT_EQ(last().version, first);
}

// So what was written after a loss is not taken for older than what was before.
TEST_F(SharedRoomsTest, CountsOnFromAllThatTheStoreHasSeen) {
  node_.changes_seen = 4711;
  ask(ada_, action::Create{});
  EXPECT_THAT(last().new_version, StartsWith("4712-"));
}

TEST_F(SharedRoomsTest, ARequestThatChangesNothingKeepsTheVersion) {
  open({ada_});
  ask(ada_, action::Describe{}, 7);
  EXPECT_EQ(last().new_version, last().version);
  EXPECT_THAT(last().change.set, IsEmpty());
  EXPECT_THAT(delivered(kHere), ElementsAre("p1 ack 7: ok"));
}

TEST_F(SharedRoomsTest, TheLastToLeaveEndsTheRoom) {
  open({ada_});
  ask(ada_, action::Leave{});
  EXPECT_EQ(last().life, Commit::Life::kIsNone);
  EXPECT_THAT(last().new_version, StartsWith("4-"));
  EXPECT_THAT(last().left, ElementsAre(kHere));
  done();
  EXPECT_EQ(rooms_.size(), 0U);
}

TEST_F(SharedRoomsTest, ANodeIsInTheRoomAsLongAsAnyOfItsPeersIs) {
  open({ada_, bob_, eve_});
  ask(bob_, action::Leave{});
  EXPECT_THAT(last().left, IsEmpty());
  done();
  ask(ada_, action::Leave{});
  EXPECT_THAT(last().left, ElementsAre(kHere));
  EXPECT_THAT(delivered(kThere),
              ElementsAre("p3 room-user-leave: inside", "p3 room-owner-change: inside"));
}

TEST_F(SharedRoomsTest, CommitsOneRequestAndThenAllThatHaveComeMeanwhile) {
  ask(ada_, action::Create{});
  ask(bob_, action::Join{}, 1);
  ask(eve_, action::Join{}, 2);
  EXPECT_EQ(commits_.size(), 1U);
  done();
  ASSERT_EQ(commits_.size(), 2U);
  EXPECT_THAT(delivered(kHere),
              ElementsAre("p2 is waiting, answers an entry", "p1 room-join-request: inside",
                          "p2 ack 1: ok", "p1 room-join-request: inside"));
  EXPECT_THAT(delivered(kThere), ElementsAre("p3 is waiting, answers an entry", "p3 ack 2: ok"));
  done();
  EXPECT_TRUE(rooms_.is_idle());
}

TEST_F(SharedRoomsTest, DoesNotPutEverythingIntoOneCommit) {
  open({ada_});
  for (int i = 0; i < 200; ++i) ask(ada_, action::Describe{}, 1);
  std::size_t answers = 0;
  for (std::size_t i = 0; i < 200 && !rooms_.is_idle(); ++i) {
    EXPECT_LE(delivered(kHere).size(), 100U);
    answers += delivered(kHere).size();
    done();
  }
  EXPECT_EQ(answers, 200U);
}

TEST_F(SharedRoomsTest, RoomsDoNotWaitForEachOther) {
  ask(ada_, action::Create{});
  RoomRequest other = request(bob_, action::Create{});
  other.room = "south";
  ask(std::move(other));
  ASSERT_EQ(commits_.size(), 2U);
  EXPECT_EQ(last().room, "south");
}

TEST_F(SharedRoomsTest, RepeatsARequestOnTheRoomThatAnotherNodeHasChanged) {
  ask(ada_, action::Create{}, 7);
  const std::uint64_t first = last().serial;
  conflict(Room(eve_, ""), "1-2-3");
  ASSERT_EQ(commits_.size(), 2U);
  EXPECT_GT(last().serial, first);
  EXPECT_EQ(last().version, "1-2-3");
  EXPECT_EQ(last().new_version, "1-2-3");
  EXPECT_THAT(delivered(kHere), ElementsAre("p1 room-create-reject: outside, answers an entry",
                                            "p1 ack 7: room-taken"));
}

TEST_F(SharedRoomsTest, RepeatsARequestIfTheRoomHasEnded) {
  open({ada_});
  ask(bob_, action::Join{}, 7);
  stored_ = {};
  answer(Kind::kConflict);
  EXPECT_EQ(last().version, "");
  EXPECT_THAT(delivered(kHere), ElementsAre("p2 room-join-reject: outside, answers an entry",
                                            "p2 ack 7: room-not-found"));
}

TEST_F(SharedRoomsTest, TriesAgainLaterIfTheStoreSaysSo) {
  ask(ada_, action::Create{});
  const std::uint64_t first = last().serial;
  answer(Kind::kLater);
  EXPECT_EQ(commits_.size(), 1U);
  ASSERT_LT(rooms_.deadline(), now_ + kPatience);
  now_ = rooms_.deadline();
  rooms_.elapse(now_);
  ASSERT_EQ(commits_.size(), 2U);
  EXPECT_GT(last().serial, first);
  EXPECT_THAT(told_, IsEmpty());
}

TEST_F(SharedRoomsTest, WithoutAnAnswerTheCommitStaysUnderWay) {
  ask(ada_, action::Create{});
  answer(Kind::kUnknown);
  ASSERT_NE(rooms_.renumber("north", 999), nullptr);
  EXPECT_EQ(rooms_.renumber("north", 999)->serial, last().serial);
  EXPECT_FALSE(rooms_.is_idle());
  rooms_.pause();
  rooms_.resume(now_);
  EXPECT_EQ(commits_.size(), 1U);  // the caller sends it again
  done();
  EXPECT_EQ(rooms_.renumber("north", 999), nullptr);
  EXPECT_TRUE(rooms_.is_idle());
}

TEST_F(SharedRoomsTest, WaitsWhileItIsPaused) {
  rooms_.pause();
  ask(ada_, action::Create{});
  ask(bob_, action::Join{});
  EXPECT_THAT(commits_, IsEmpty());
  rooms_.resume(now_);
  EXPECT_EQ(commits_.size(), 1U);
}

TEST_F(SharedRoomsTest, ForgetsARoomWithNoneOfItsPeers) {
  ask(ada_, action::Join{});
  EXPECT_EQ(rooms_.size(), 1U);
  done();
  EXPECT_EQ(rooms_.size(), 0U);
  conflict(Room(eve_, ""), "1-2-3");  // an answer that nobody waits for
  EXPECT_EQ(rooms_.size(), 0U);
}

// --- relays that follow requests

TEST_F(SharedRoomsTest, ARelayFollowsWhatItsSenderAskedBefore) {
  open({ada_, bob_});
  ask(eve_, action::Join{});
  done();
  RoomRequest accept = request(ada_, action::AnswerJoin{eve_, signaling::Answer::kAccept});
  accept.wants_passed_on = true;
  ask(std::move(accept));
  ask(relay(ada_, eve_));
  EXPECT_THAT(delivered(kThere), ElementsAre("p3 room-join-accept: inside"));
  EXPECT_THAT(delivered(kHere), ElementsAre("p1 p2 room-user-join: inside", "p1 passed on"));
  done();
  EXPECT_THAT(delivered(kThere), ElementsAre("p3 relay message of p1"));
  EXPECT_THAT(delivered(kHere), ElementsAre("p1 passed on"));
}

TEST_F(SharedRoomsTest, ARelayStaysBehindARequestInTheSameCommit) {
  open({ada_, eve_});
  ask(bob_, action::Describe{});
  RoomRequest broadcast = request(ada_, action::Broadcast{"[\"message\",{}]"});
  broadcast.wants_passed_on = true;
  ask(std::move(broadcast));
  ask(relay(ada_, eve_, "ice-candidate"));
  ask(relay(ada_, eve_, "session-description"));
  done();
  EXPECT_THAT(delivered(kThere), ElementsAre("p3 message: inside", "p3 relay ice-candidate of p1",
                                             "p3 relay session-description of p1"));
  EXPECT_THAT(delivered(kHere), ElementsAre("p1 passed on", "p1 passed on", "p1 passed on"));
}

// --- nodes that have gone

TEST_F(SharedRoomsTest, TakesOutThePeersOfANodeThatHasGone) {
  open({eve_, peer(kThere, 4), ada_, bob_});
  rooms_.remove_node("north", kThere, now_);
  EXPECT_THAT(delivered(kHere),
              ElementsAre("p1 p2 room-user-leave: inside", "p1 p2 room-user-leave: inside",
                          "p1 p2 room-owner-change: inside"));
  EXPECT_THAT(delivered(kThere), IsEmpty());
  EXPECT_THAT(last().left, ElementsAre(kThere));
  done();
  EXPECT_EQ(stored_room().owners(), std::vector{ada_});
}

TEST_F(SharedRoomsTest, ANodeThatLivesAgainKeepsItsPeers) {
  open({ada_, eve_});
  rooms_.remove_node("north", kThere, now_);
  EXPECT_THAT(last().gone, ElementsAre(kThere));
  ask(ada_, action::Describe{}, 7);
  answer(Kind::kLives);
  EXPECT_THAT(last().gone, IsEmpty());
  EXPECT_THAT(delivered(kHere), ElementsAre(StartsWith("p1 ack 7: ok")));
  done();
  EXPECT_EQ(stored_room().peers(), (std::vector{ada_, eve_}));
}

TEST_F(SharedRoomsTest, OfTwoNodesThatHaveGoneOneMayLiveAgain) {
  open({ada_, eve_, peer(kElsewhere, 5)});
  rooms_.remove_node("north", kThere, now_);
  rooms_.remove_node("north", kElsewhere, now_);
  answer(Kind::kLives);
  EXPECT_EQ(commits_.size(), 1U);
  rooms_.remove_node("north", kElsewhere, now_);
  done();
  EXPECT_EQ(stored_room().peers(), (std::vector{ada_, eve_}));
}

// A node that joins again takes out the peers that it had before, dead or not.
TEST_F(SharedRoomsTest, TakesItsOwnPeersOutInAnyCase) {
  open({eve_, ada_});
  rooms_.remove_node("north", kHere, now_);
  EXPECT_THAT(last().gone, IsEmpty());
  done();
  EXPECT_EQ(stored_room().peers(), std::vector{eve_});
}

TEST_F(SharedRoomsTest, TakesItsOwnPeersOutBehindWhatTheyHaveAskedFor) {
  open({ada_, eve_});
  ask(ada_, action::Describe{}, 7);  // is under way
  ask(relay(ada_, eve_));
  rooms_.leave("north", now_);
  done();
  EXPECT_THAT(delivered(kThere), ElementsAre("p3 relay message of p1", "p3 room-user-leave: inside",
                                             "p3 room-owner-change: inside"));
  done();
  EXPECT_EQ(stored_room().peers(), std::vector{eve_});
}

TEST_F(SharedRoomsTest, TakesANodeOutOfARoomWithNoneOfItsPeers) {
  open({ada_});
  rooms_.remove_node("north", kThere, now_);
  EXPECT_EQ(last().new_version, last().version);
  EXPECT_THAT(last().left, ElementsAre(kThere));
}

// --- what other nodes change

TEST_F(SharedRoomsTest, LooksAtARoomThatAnotherNodeHasChanged) {
  open({ada_});
  rooms_.on_change(news("north"), now_);
  ASSERT_EQ(commits_.size(), 1U);
  EXPECT_EQ(last().new_version, last().version);
  EXPECT_THAT(last().deliveries, IsEmpty());
  Room changed(ada_, "");
  changed.admit(eve_, "");
  conflict(changed, "4-2-1");
  EXPECT_EQ(commits_.size(), 1U);
  ask(ada_, action::Describe{});
  EXPECT_EQ(last().version, "4-2-1");
}

TEST_F(SharedRoomsTest, ForgetsARoomFromWhichAnotherNodeHasTakenItsPeers) {
  open({ada_, eve_});
  rooms_.on_change(news("north"), now_);
  conflict(Room(eve_, ""), "4-2-1");
  EXPECT_EQ(rooms_.size(), 0U);
}

TEST_F(SharedRoomsTest, DoesNotLookAtRoomsThatItDoesNotKnow) {
  rooms_.on_change(news("north"), now_);
  EXPECT_THAT(commits_, IsEmpty());
  EXPECT_EQ(rooms_.size(), 0U);
}

// --- the time of join requests

TEST_F(SharedRoomsTest, EndsTheRequestsOfItsCandidatesWhenTheirTimeIsOver) {
  open({eve_, ada_});
  ask(bob_, action::Join{});
  done();
  pass(kJoinTime - 1ms);
  EXPECT_EQ(commits_.size(), 1U);
  pass(1ms);
  ASSERT_EQ(commits_.size(), 2U);
  EXPECT_THAT(delivered(kHere), ElementsAre("p2 room-join-reject: outside"));
  EXPECT_THAT(delivered(kThere), ElementsAre("p3 room-join-cancel: inside"));
  done();
  pass(kJoinTime);
  EXPECT_EQ(commits_.size(), 2U);
}

TEST_F(SharedRoomsTest, LeavesTheTimeOfOtherNodesCandidatesToThem) {
  open({ada_});
  ask(eve_, action::Join{});
  done();
  pass(2 * kJoinTime);
  EXPECT_EQ(commits_.size(), 1U);
}

TEST_F(SharedRoomsTest, ACandidateThatAsksAgainHasNoMoreTime) {
  open({ada_});
  ask(bob_, action::Join{});
  done();
  pass(kJoinTime / 2);
  ask(bob_, action::Join{});
  done();
  pass(kJoinTime / 2);
  EXPECT_EQ(commits_.size(), 3U);
}

TEST_F(SharedRoomsTest, ACandidateThatWasAnsweredHasAllTheTimeForTheNextRequest) {
  open({ada_});
  ask(bob_, action::Join{});
  done();
  ask(ada_, action::AnswerJoin{bob_, signaling::Answer::kReject});
  done();
  pass(kJoinTime / 2);
  ask(bob_, action::Join{});
  done();
  pass(kJoinTime / 2);
  EXPECT_EQ(commits_.size(), 3U);
  pass(kJoinTime / 2);
  EXPECT_EQ(commits_.size(), 4U);
}

TEST_F(SharedRoomsTest, ATimeThatEndsWhileAnotherNodeLetsThemInEndsNothing) {
  open({eve_, ada_});
  ask(bob_, action::Join{});
  done();
  pass(kJoinTime);
  Room changed(eve_, "");
  changed.admit(ada_, "");
  changed.admit(bob_, "");
  conflict(changed, "9-2-1");
  EXPECT_THAT(last().deliveries, IsEmpty());
  EXPECT_EQ(last().new_version, last().version);
}

}  // namespace
}  // namespace heliograph::cluster
