#include "cluster/room_task.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cluster/testing/message_lines.hpp"

namespace heliograph::cluster {
namespace {

using signaling::PeerId;
using signaling::RoomRequest;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::line_of;
using testing::peer;
using testing::relay;
using testing::request;
namespace action = signaling::room_action;

using testing::kHere;
using testing::kThere;

const PeerId kAda = peer(kHere, 1);
const PeerId kBob = peer(kHere, 2);
const PeerId kEve = peer(kThere, 3);

std::vector<std::string> refusal_lines(const RoomTask& task) {
  std::vector<std::string> lines;
  for (const signaling::WorkerMessage& message : refusal_messages(task, kHere)) {
    lines.push_back(line_of(message));
  }
  return lines;
}

TEST(RoomTaskTest, SaysWhichAnswerItsSenderAwaits) {
  EXPECT_EQ(awaited_answer(request(kAda, action::Create{})), AwaitedAnswer::kToEntry);
  EXPECT_EQ(awaited_answer(request(kAda, action::Join{})), AwaitedAnswer::kToEntry);
  EXPECT_EQ(awaited_answer(request(kAda, action::Leave{})), AwaitedAnswer::kToLeave);
  EXPECT_EQ(awaited_answer(request(kAda, action::Describe{})), AwaitedAnswer::kAcknowledgement);
  EXPECT_EQ(awaited_answer(relay(kAda, kBob)), AwaitedAnswer::kAcknowledgement);
  EXPECT_EQ(awaited_answer(request(kAda, action::ChangePeerinfo{})), AwaitedAnswer::kNone);
  EXPECT_EQ(awaited_answer(signaling::Vacated{request(kAda, action::Join{})}),
            AwaitedAnswer::kNone);
}

TEST(RoomTaskTest, APeerThatHasGoneAwaitsNothing) {
  const RoomTask task = request(kAda, action::Leave{.has_gone = true});
  EXPECT_EQ(awaited_answer(task), AwaitedAnswer::kNone);
}

TEST(RoomTaskTest, NamesRoomAndSender) {
  const RoomTask tasks[] = {request(kAda, action::Join{}), relay(kAda, kBob),
                            signaling::Vacated{request(kAda, action::Join{})}};
  for (const RoomTask& task : tasks) {
    EXPECT_EQ(room_name(task), "north");
    EXPECT_EQ(sender_of(task), kAda);
  }
}

TEST(RoomTaskTest, NamesTheNodeThatHasGone) {
  EXPECT_EQ(gone_node(signaling::own_request("north", action::NodeGone{kThere, kHere})), kThere);
  EXPECT_EQ(gone_node(request(kAda, action::Join{})), std::nullopt);
  EXPECT_EQ(gone_node(relay(kAda, kBob)), std::nullopt);
}

TEST(RoomTaskTest, RefusesAnEntryByItsAnswerAndItsAcknowledgement) {
  RoomRequest task = request(kAda, action::Join{});
  task.ack = 7;
  EXPECT_THAT(refusal_lines(task), ElementsAre("p1 room-join-reject: as it was, answers an entry",
                                               "p1 ack 7: cluster-unavailable"));
}

TEST(RoomTaskTest, RefusesARelayUnlessNodeDoesSo) {
  signaling::RemoteRelay task = relay(kAda, kBob);
  task.ack = 7;
  EXPECT_THAT(refusal_lines(task), ElementsAre("p1 ack 7: cluster-unavailable"));
  task.to = kEve;
  EXPECT_THAT(refusal_lines(task), IsEmpty());
}

TEST(RoomTaskTest, NeverRefusesTheAnswerOfAPeerThatVacatesItsPlace) {
  const signaling::Vacated task{request(kAda, action::Join{})};
  EXPECT_THAT(refusal_lines(task), IsEmpty());
  EXPECT_FALSE(passed_on(task));
}

TEST(RoomTaskTest, ReportsWhatLaterMessagesWaitFor) {
  RoomRequest task = request(kAda, action::Broadcast{"[]"});
  EXPECT_FALSE(passed_on(task));
  task.wants_passed_on = true;
  ASSERT_TRUE(passed_on(task));
  EXPECT_EQ(passed_on(task)->to, kAda);
  EXPECT_EQ(passed_on(task)->room, "north");
  EXPECT_TRUE(passed_on(relay(kAda, kBob)));
}

}  // namespace
}  // namespace heliograph::cluster
