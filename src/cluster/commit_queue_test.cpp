#include "cluster/commit_queue.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cluster/testing/message_lines.hpp"

namespace heliograph::cluster {
namespace {

using namespace std::chrono_literals;
using signaling::PeerId;
using signaling::Room;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::peer;
using testing::request;
using ::testing::SizeIs;
namespace action = signaling::room_action;
using Entry = CommitQueue::Refused::Entry;
using Next = CommitQueue::Next;

using testing::kHere;
using testing::kThere;
constexpr base::TimePoint kDeadline = base::TimePoint{} + 1s;

const PeerId kAda = peer(kHere, 1);
const PeerId kBob = peer(kHere, 2);
const PeerId kEve = peer(kThere, 3);

signaling::RoomUpdate news() {
  signaling::RoomUpdate update;
  update.membership = signaling::Membership::kUnchanged;
  return update;
}

// Owned by eve, with these members beside her.
StoredRoom stored(const std::vector<PeerId>& members) {
  Room room(kEve, "");
  for (const PeerId& member : members) room.admit(member, "");
  return {"7-2-1-1", fields_of(room)};
}

std::string name_of(const RoomTask& task) {
  const signaling::PeerId& from = sender_of(task);
  const signaling::RoomAction& action = std::get<signaling::RoomRequest>(task).action;
  if (std::holds_alternative<action::Join>(action)) return testing::name_of(from) + " joins";
  if (std::holds_alternative<action::Describe>(action)) return testing::name_of(from) + " asks";
  if (std::holds_alternative<action::NodeGone>(action)) return "a node goes";
  if (const auto* gone = std::get_if<action::PeersGone>(&action)) {
    return testing::name_of(gone->peers.at(0)) + " goes";
  }
  return "another task";
}

class CommitQueueTest : public ::testing::Test {
 protected:
  void join(const PeerId& from) { add(request(from, action::Join{})); }
  void describe(const PeerId& from) { add(request(from, action::Describe{})); }
  void add(RoomTask task) { queue_.add({.task = std::move(task), .deadline = kDeadline}); }

  // Begins the next commit and names its tasks. The first one is to wait for this number, if any.
  std::vector<std::string> begin(std::optional<std::uint64_t> wait_number = {}) {
    std::vector<TaskUnderWay> tasks = queue_.take_next();
    if (!tasks.empty()) tasks.front().wait_number = wait_number;
    std::vector<std::string> names;
    names.reserve(tasks.size());
    for (const TaskUnderWay& item : tasks) names.push_back(name_of(item.queued.task));
    Commit commit;
    commit.new_version = after_.version;
    queue_.begin(std::move(commit), after_.fields, std::move(tasks));
    return names;
  }
  StoredRoom after_;  // the room if the store carries out the commit
  CommitQueue queue_{"north", kHere};
};

TEST_F(CommitQueueTest, ForgetsARoomWithNothingToDoOrToKnow) {
  EXPECT_EQ(queue_.next(), Next::kForget);
  describe(kAda);
  EXPECT_EQ(queue_.next(), Next::kCommit);
  begin();
  queue_.finish();
  EXPECT_EQ(queue_.next(), Next::kForget);
}

TEST_F(CommitQueueTest, LooksAtAChangedRoomOnlyIfItConcernsThisNode) {
  queue_.on_change(news());
  EXPECT_EQ(queue_.next(), Next::kForget);
  after_ = stored({kAda});
  begin();
  queue_.finish();
  EXPECT_EQ(queue_.next(), Next::kNothing);
  queue_.on_change(news());
  EXPECT_EQ(queue_.next(), Next::kCommit);
}

TEST_F(CommitQueueTest, LooksAtARestoredRoomInAnyCase) {
  queue_.on_restored();
  EXPECT_EQ(queue_.next(), Next::kCommit);
  begin();
  queue_.finish();
  EXPECT_EQ(queue_.next(), Next::kForget);
}

TEST_F(CommitQueueTest, StaysInDoubtIfTheStoreHasNotLooked) {
  queue_.on_restored();
  begin();
  queue_.postpone();
  EXPECT_EQ(queue_.next(), Next::kCommit);
  begin();
  queue_.abandon();
  queue_.learn({});
  EXPECT_EQ(queue_.next(), Next::kForget);
}

TEST_F(CommitQueueTest, TasksOfACommitThatFailedComeFirstAgain) {
  describe(kAda);
  describe(kBob);
  EXPECT_THAT(begin(), ElementsAre("p1 asks", "p2 asks"));
  describe(kEve);
  queue_.abandon();
  EXPECT_THAT(begin(), ElementsAre("p1 asks", "p2 asks", "p3 asks"));
}

TEST_F(CommitQueueTest, DropsRefusedTasksWithTheirCommit) {
  describe(kAda);
  queue_.add({.task = request(kBob, action::Describe{})});
  begin();
  const auto refused = queue_.refuse_overdue(kDeadline);
  ASSERT_THAT(refused, SizeIs(1));
  EXPECT_EQ(sender_of(refused[0].task), kAda);
  EXPECT_EQ(refused[0].entry, Entry::kNone);
  EXPECT_THAT(queue_.refuse_overdue(kDeadline), IsEmpty());
  queue_.abandon();
  EXPECT_THAT(begin(), ElementsAre("p2 asks"));
}

TEST_F(CommitQueueTest, TakesOverdueTasksOutThatWait) {
  describe(kAda);
  begin();
  describe(kBob);
  EXPECT_THAT(queue_.take_overdue(kDeadline - 1ms), IsEmpty());
  EXPECT_THAT(queue_.take_overdue(kDeadline), SizeIs(1));
  queue_.finish();
  EXPECT_TRUE(queue_.is_idle());
}

TEST_F(CommitQueueTest, RefusesWithAnEntryWhatItsSenderAskedBehindIt) {
  describe(kAda);
  join(kAda);
  queue_.add({.task = request(kAda, action::Describe{}), .deadline = kDeadline + 1s});
  queue_.add({.task = request(kBob, action::Describe{}), .deadline = kDeadline + 1s});
  queue_.add({.task = request(kAda, action::ChangePeerinfo{})});
  begin();
  const auto refused = queue_.refuse_overdue(kDeadline);
  ASSERT_THAT(refused, SizeIs(3));
  EXPECT_EQ(refused[1].entry, Entry::kOfStranger);
  EXPECT_EQ(name_of(refused[2].task), "p1 asks");
}

TEST_F(CommitQueueTest, APeerThatEnteredAlthoughItWasRefusedIsTakenOutFirst) {
  join(kAda);
  begin();
  describe(kBob);
  queue_.refuse_overdue(kDeadline);
  after_ = stored({kAda});
  queue_.finish();
  EXPECT_THAT(begin(), ElementsAre("p1 goes", "p2 asks"));
}

TEST_F(CommitQueueTest, ARequestGoesOnWhenAPeerHasVacatedItsPlace) {
  join(kAda);
  begin(7);
  const auto vacating = queue_.finish();
  ASSERT_THAT(vacating, SizeIs(1));
  EXPECT_EQ(vacating[0].number, 7U);
  EXPECT_EQ(vacating[0].request.from, kAda);
}

TEST_F(CommitQueueTest, ARequestMayGoOnBeforeTheStoreAnswers) {
  join(kAda);
  begin(7);
  EXPECT_FALSE(queue_.go_on_early(8));
  EXPECT_TRUE(queue_.go_on_early(7));
  EXPECT_FALSE(queue_.go_on_early(7));
  EXPECT_THAT(queue_.refuse_overdue(kDeadline), IsEmpty());
  EXPECT_THAT(queue_.finish(), IsEmpty());
  EXPECT_TRUE(queue_.is_idle());
}

TEST_F(CommitQueueTest, ARequestThatWasRefusedDoesNotGoOn) {
  join(kAda);
  begin(7);
  queue_.refuse_overdue(kDeadline);
  EXPECT_FALSE(queue_.go_on_early(7));
  EXPECT_THAT(queue_.finish(), IsEmpty());
}

TEST_F(CommitQueueTest, DropsTheRemovalOfOtherNodesThatHaveNotGone) {
  for (const std::uint32_t node : {kThere, kHere}) {
    queue_.add_first(signaling::own_request("north", action::NodeGone{node, kHere}));
  }
  EXPECT_THAT(begin(), ElementsAre("a node goes", "a node goes"));
  queue_.postpone();
  queue_.drop_removals_of_others();
  EXPECT_THAT(begin(), ElementsAre("a node goes"));
}

TEST_F(CommitQueueTest, WhatReplacesARestoredRoomIsNotLearntIfACommitWillBeAnswered) {
  describe(kAda);
  begin();
  queue_.replace(stored({}));
  EXPECT_EQ(queue_.known().version, "");
  queue_.finish();
  queue_.replace(stored({}));
  EXPECT_EQ(queue_.known().version, "7-2-1-1");
}

}  // namespace
}  // namespace heliograph::cluster
