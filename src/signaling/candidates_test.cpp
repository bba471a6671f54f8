#include "signaling/candidates.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "signaling/testing/task_fixture.hpp"

namespace heliograph::signaling {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

Limits limits() {
  Limits limits;
  limits.max_pending_requests = 10;
  limits.join_request_timeout = 60s;
  return limits;
}

// Peer 1 owns the room.
class CandidatesTest : public testing::Test {
 protected:
  Task task_of(std::uint64_t sender) const { return signaling::task_of(sender, now_); }
  std::vector<std::string> ask(std::uint64_t sender) {
    Task task = task_of(sender);
    room_action::Join join;
    candidates_.ask(task, room_, join);
    return lines_of(task.effects);
  }
  std::vector<std::string> answer(std::uint64_t candidate, Answer answer) {
    Task task = task_of(1);
    task.request.ack = 1;
    candidates_.answer(task, room_, {peer(candidate), answer});
    return lines_of(task.effects);
  }

  base::TimePoint now_{1h};
  Room room_{peer(1), ""};
  Serials serials_;
  Candidates candidates_{limits(), serials_};
};

TEST_F(CandidatesTest, OwnersAreAskedAgainEveryTwoSecondsAtMost) {
  EXPECT_THAT(ask(2), ElementsAre("nothing 2", "room-join-request 1"));
  now_ += 1s;
  EXPECT_THAT(ask(2), ElementsAre("nothing 2"));
  EXPECT_FALSE(candidates_.take_showing(now_));
  now_ += 1s;
  const auto showing = candidates_.take_showing(now_);
  ASSERT_TRUE(showing);
  EXPECT_EQ(showing->room, "north");
  Task task = task_of(0);
  candidates_.show(task, room_, 0);
  EXPECT_THAT(lines_of(task.effects), ElementsAre("room-join-request 1"));
}

TEST_F(CandidatesTest, TheTimeOfARequestRunsOnIfItIsRepeated) {
  ask(2);
  EXPECT_EQ(candidates_.deadline(), now_ + 60s);
  now_ += 50s;
  ask(2);
  now_ += 10s;
  const auto request = candidates_.take_timeout(now_);
  ASSERT_TRUE(request);
  EXPECT_EQ(request->from, peer(2));
  Task task{.request = *request, .now = now_};
  candidates_.time_out(task, room_, std::get<room_action::TimeOut>(request->action).serial);
  EXPECT_THAT(lines_of(task.effects), ElementsAre("room-join-reject 2", "room-join-cancel 1"));
  EXPECT_EQ(room_.request_count(), 0U);
}

TEST_F(CandidatesTest, OnlyTheRequestOfTheSameSerialIsTimedOut) {
  ask(2);
  Task task = task_of(2);
  candidates_.time_out(task, room_, room_.requests()[0]->serial + 1);
  EXPECT_THAT(task.effects, IsEmpty());
  EXPECT_EQ(room_.request_count(), 1U);
}

TEST_F(CandidatesTest, TheOldestMakesRoomForOneMore) {
  for (std::uint64_t i = 0; i < 10; ++i) ask(2 + i);
  EXPECT_THAT(ask(20), ElementsAre("room-join-reject 2", "room-join-cancel 1", "nothing 20",
                                   "room-join-request 1"));
  EXPECT_EQ(room_.request_count(), 10U);
}

TEST_F(CandidatesTest, AnAnswerEndsARequestAndItsTime) {
  ask(2);
  ask(3);
  EXPECT_THAT(answer(2, Answer::kAccept),
              ElementsAre("room-join-accept 2", "room-user-join 1", R"([{"ok":true}])"));
  EXPECT_THAT(answer(3, Answer::kReject), ElementsAre("room-join-reject 3", R"([{"ok":true}])"));
  EXPECT_EQ(candidates_.deadline(), base::TimePoint::max());
  EXPECT_THAT(answer(2, Answer::kAccept), ElementsAre(R"([{"ok":true}])"));
}

TEST_F(CandidatesTest, AreLetInAsFarAsThereIsRoom) {
  ask(2);
  ask(3);
  RoomSettings settings;
  settings.capacity = 2;
  room_.change(settings);
  Task task = task_of(1);
  candidates_.admit_all(task, room_);
  EXPECT_THAT(lines_of(task.effects), ElementsAre("room-join-accept 2", "room-user-join 1"));
  EXPECT_TRUE(room_.find_request(peer(3)));
}

TEST_F(CandidatesTest, ANewOwnerIsShownSomeNowAndTheRestLater) {
  for (std::uint64_t i = 0; i < Room::kPortion + 2; ++i) ask(2 + i);
  now_ += 10s;
  Task task = task_of(1);
  candidates_.show_to_new_owners(task, room_);
  EXPECT_EQ(task.effects.size(), Room::kPortion + 1);
  EXPECT_EQ(lines_of(task.effects).back(), "nothing 10");
  EXPECT_FALSE(candidates_.take_showing(now_));
  EXPECT_TRUE(candidates_.take_showing(now_ + 1s));
}

TEST_F(CandidatesTest, OfARoomThatEndsAreRejected) {
  ask(2);
  ask(3);
  Task task = task_of(1);
  candidates_.reject_all(task, room_);
  EXPECT_THAT(lines_of(task.effects), ElementsAre("room-join-reject 2", "room-join-reject 3"));
  EXPECT_EQ(candidates_.deadline(), base::TimePoint::max());
}

TEST_F(CandidatesTest, ThatHaveGoneAreNotToldSo) {
  ask(2);
  ask(3);
  Task task = task_of(0);
  const auto has_gone = [](const PeerId& peer) { return peer.nonce == 2; };
  candidates_.drop_gone(task, room_, has_gone, room_.owners());
  EXPECT_THAT(lines_of(task.effects), ElementsAre("room-join-cancel 1"));
  EXPECT_FALSE(room_.find_request(peer(2)));
  EXPECT_TRUE(room_.find_request(peer(3)));
}

}  // namespace
}  // namespace heliograph::signaling
