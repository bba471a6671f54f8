#include "cluster/room_times.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
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
using ::testing::SizeIs;
namespace action = signaling::room_action;

using testing::kHere;
using testing::kThere;
constexpr std::chrono::milliseconds kJoinTime = 60s;
constexpr std::chrono::milliseconds kLinger = 10s;
constexpr base::TimePoint kStart{};

const PeerId kAda = peer(kHere, 1);
const PeerId kEve = peer(kThere, 3);

class RoomTimesTest : public ::testing::Test {
 protected:
  std::vector<base::TimePoint> watch(const std::optional<Room>& room, base::Duration at) {
    return times_.watch(room, kHere, limits_, kStart + at);
  }
  std::vector<signaling::RoomRequest> take_due(base::Duration at) {
    return times_.take_due("north", kHere, kStart + at);
  }
  // Owned by eve; ada's request has this serial, and the owner has been shown it.
  static Room with_request(std::uint64_t serial) {
    Room room(kEve, "");
    signaling::JoinRequest request;
    request.candidate = kAda;
    request.serial = serial;
    request.shown = signaling::Shown::kYes;
    room.ask(request);
    return room;
  }
  static Room lingering(std::uint32_t node, std::uint64_t number) {
    Room::Parts parts;
    parts.lingering = {.node = node, .number = number};
    return Room(parts);
  }

  const signaling::Limits limits_{.join_request_timeout = kJoinTime, .room_linger = kLinger};
  RoomTimes times_;
};

TEST_F(RoomTimesTest, EndsAJoinRequestOnce) {
  EXPECT_THAT(watch(with_request(5), 0s), ElementsAre(kStart + kJoinTime));
  EXPECT_THAT(take_due(kJoinTime - 1ms), IsEmpty());
  const auto due = take_due(kJoinTime);
  ASSERT_THAT(due, SizeIs(1));
  EXPECT_EQ(due[0].from, kAda);
  EXPECT_EQ(due[0].room, "north");
  EXPECT_EQ(std::get<action::TimeOut>(due[0].action).serial, 5U);
  EXPECT_THAT(take_due(2 * kJoinTime), IsEmpty());
}

TEST_F(RoomTimesTest, AJoinRequestKeepsItsTimeAsLongAsItIsTheSame) {
  watch(with_request(5), 0s);
  EXPECT_THAT(watch(with_request(5), 10s), IsEmpty());
  EXPECT_THAT(watch(with_request(6), 20s), ElementsAre(kStart + 20s + kJoinTime));
  EXPECT_THAT(take_due(kJoinTime), IsEmpty());
}

TEST_F(RoomTimesTest, AJoinRequestThatIsAnsweredHasNoEnd) {
  watch(with_request(5), 0s);
  EXPECT_THAT(watch(Room(kEve, ""), 10s), IsEmpty());
  EXPECT_THAT(take_due(kJoinTime), IsEmpty());
}

TEST_F(RoomTimesTest, AsksOwnersAboutACandidateThatWaitsForThat) {
  std::optional<Room> room = with_request(5);
  signaling::JoinRequest unshown = *room->requests().front();
  unshown.shown = signaling::Shown::kNo;
  room->ask(unshown);
  const base::TimePoint showing = room->next_showing(kHere, kStart);
  EXPECT_THAT(watch(room, 0s), ElementsAre(kStart + kJoinTime, showing));
  EXPECT_THAT(watch(room, 0s), IsEmpty());
  const auto due = take_due(showing - kStart);
  ASSERT_THAT(due, SizeIs(1));
  EXPECT_EQ(std::get<action::ShowRequests>(due[0].action).node, kHere);
  EXPECT_THAT(take_due(showing - kStart), IsEmpty());
}

TEST_F(RoomTimesTest, ARoomThatHasEndedHasNoTimes) {
  watch(with_request(5), 0s);
  watch(lingering(kHere, 7), 0s);
  EXPECT_THAT(watch(std::nullopt, 1s), IsEmpty());
  EXPECT_THAT(take_due(kJoinTime), IsEmpty());
}

TEST_F(RoomTimesTest, EndsARoomThatLingersOnce) {
  EXPECT_THAT(watch(lingering(kHere, 7), 0s), ElementsAre(kStart + kLinger));
  EXPECT_THAT(watch(lingering(kHere, 7), 1s), IsEmpty());
  const auto due = take_due(kLinger);
  ASSERT_THAT(due, SizeIs(1));
  EXPECT_EQ(std::get<action::EndLinger>(due[0].action).number, 7U);
  EXPECT_THAT(take_due(2 * kLinger), IsEmpty());
}

TEST_F(RoomTimesTest, ARoomThatLingersAgainHasAllTheTimeAgain) {
  watch(lingering(kHere, 7), 0s);
  EXPECT_THAT(watch(lingering(kHere, 8), 1s), ElementsAre(kStart + 1s + kLinger));
  EXPECT_THAT(take_due(kLinger), IsEmpty());
}

TEST_F(RoomTimesTest, LeavesARoomThatLingersToTheNodeThatItNames) {
  EXPECT_THAT(watch(lingering(kThere, 7), 0s), IsEmpty());
  EXPECT_THAT(take_due(kLinger), IsEmpty());
}

}  // namespace
}  // namespace heliograph::cluster
