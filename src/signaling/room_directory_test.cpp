#include "signaling/room_directory.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "signaling/testing/task_fixture.hpp"

namespace heliograph::signaling {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::StartsWith;
namespace action = room_action;

PeerId peer(std::uint32_t node, std::uint64_t nonce) { return {{node, 0}, 0, nonce}; }

RoomRequest request(const PeerId& from, RoomAction what) {
  RoomRequest request;
  request.from = from;
  request.room = "north";
  request.action = std::move(what);
  return request;
}

RoomRequest joining(const PeerId& from, SharedTickets tickets) {
  action::Join join;
  join.tickets = std::move(tickets);
  return request(from, std::move(join));
}

JoinRequest candidacy(const PeerId& candidate, std::uint64_t serial) {
  return {
      .candidate = candidate, .peerinfo = {}, .payload = {}, .attachments = {}, .serial = serial};
}

// What is kept elsewhere than in the directory: one request at a time is carried out on it.
class RoomDirectoryTest : public ::testing::Test {
 protected:
  std::vector<std::string> carry_out(RoomRequest asked) {
    return lines_of(directory_.carry_out(std::move(asked), now_));
  }

  base::TimePoint now_{};
  RoomDirectory directory_{Limits{}};
};

TEST_F(RoomDirectoryTest, TakesOutTheRoomThatWasPutThere) {
  Room room(peer(1, 1), "");
  room.admit(peer(2, 2), "");
  directory_.put("north", std::move(room));
  EXPECT_EQ(directory_.size(), 1U);
  carry_out(request(peer(2, 2), action::Leave{}));
  const auto taken = directory_.take("north");
  ASSERT_TRUE(taken);
  EXPECT_THAT(taken->peers(), ElementsAre(peer(1, 1)));
  EXPECT_EQ(directory_.size(), 0U);
  EXPECT_FALSE(directory_.take("north"));
}

TEST_F(RoomDirectoryTest, ThereIsNothingToTakeOfARoomThatHasEnded) {
  directory_.put("north", Room(peer(1, 1), ""));
  carry_out(request(peer(1, 1), action::Leave{}));
  EXPECT_FALSE(directory_.take("north"));
  carry_out(request(peer(1, 1), action::Join{}));
  EXPECT_FALSE(directory_.take("north"));
}

TEST_F(RoomDirectoryTest, TakesOutARoomThatWasMadeMeanwhile) {
  carry_out(request(peer(1, 1), action::Create{"\"Ada\""}));
  const auto taken = directory_.take("north");
  ASSERT_TRUE(taken);
  EXPECT_THAT(taken->owners(), ElementsAre(peer(1, 1)));
}

TEST_F(RoomDirectoryTest, KeepsNoTimeForARoomThatWasTakenOut) {
  directory_.put("north", Room(peer(1, 1), ""));
  carry_out(request(peer(2, 2), action::Join{}));
  EXPECT_LT(directory_.deadline(), base::TimePoint::max());
  EXPECT_EQ(directory_.take("north")->requests().size(), 1U);
  EXPECT_EQ(directory_.deadline(), base::TimePoint::max());
  EXPECT_THAT(directory_.expire(now_ + 1h), IsEmpty());
}

TEST_F(RoomDirectoryTest, CountsRequestsOnFromThoseOfTheRoom) {
  Room room(peer(1, 1), "");
  room.ask(
      {.candidate = peer(2, 2), .peerinfo = {}, .payload = {}, .attachments = {}, .serial = 41});
  directory_.put("north", std::move(room));
  carry_out(request(peer(2, 3), action::Join{}));
  const auto taken = directory_.take("north");
  ASSERT_EQ(taken->requests().size(), 2U);
  EXPECT_EQ(taken->requests()[0]->candidate, peer(2, 2));
  EXPECT_GT(taken->requests()[1]->serial, 41U);
}

// Of nodes that are given a new secret in turn, one may have set it and another be asked.
TEST_F(RoomDirectoryTest, AnyDigestOfThePasswordOpensARoom) {
  Room room(peer(1, 1), "");
  room.change({.admission = Admission::kPassword, .password = "#old"});
  directory_.put("north", std::move(room));
  EXPECT_THAT(carry_out(request(peer(2, 2), action::Join{.peerinfo = {}, .passwords = {}})),
              ElementsAre("room-join-reject 2"));
  EXPECT_THAT(
      carry_out(request(peer(2, 2), action::Join{.peerinfo = {}, .passwords = {"#new", "#"}})),
      ElementsAre("room-join-reject 2"));
  EXPECT_THAT(
      carry_out(request(peer(2, 2), action::Join{.peerinfo = {}, .passwords = {"#new", "#old"}})),
      ElementsAre("room-join-accept 2", "room-user-join 1"));
}

TEST_F(RoomDirectoryTest, ARequestWhoseTimeIsOverEnds) {
  directory_.put("north", Room(peer(1, 1), ""));
  carry_out(request(peer(2, 2), action::Join{}));
  Room room = *directory_.take("north");
  const std::uint64_t serial = room.requests()[0]->serial;
  directory_.put("north", std::move(room));
  EXPECT_THAT(carry_out(request(peer(2, 2), action::TimeOut{serial + 1})), IsEmpty());
  EXPECT_THAT(carry_out(request(peer(2, 3), action::TimeOut{serial})), IsEmpty());
  EXPECT_THAT(carry_out(request(peer(2, 2), action::TimeOut{serial})),
              ElementsAre("room-join-reject 2", "room-join-cancel 1"));
  EXPECT_THAT(carry_out(request(peer(2, 2), action::TimeOut{serial})), IsEmpty());
}

TEST_F(RoomDirectoryTest, NoTimeEndsInARoomThatThereIsNot) {
  EXPECT_THAT(carry_out(request(peer(2, 2), action::TimeOut{1})), IsEmpty());
  EXPECT_THAT(carry_out(request({}, action::NodeGone{1})), IsEmpty());
}

TEST_F(RoomDirectoryTest, ThePeersOfANodeThatHasGoneLeave) {
  Room room(peer(9, 1), "");
  room.admit(peer(1, 2), "");
  room.admit(peer(9, 3), "");
  room.admit(peer(1, 4), "");
  directory_.put("north", std::move(room));
  EXPECT_THAT(carry_out(request({}, action::NodeGone{9})),
              ElementsAre("room-user-leave 2 4", "room-user-leave 2 4", "room-owner-change 2 4"));
  const auto taken = directory_.take("north");
  EXPECT_THAT(taken->peers(), ElementsAre(peer(1, 2), peer(1, 4)));
  EXPECT_THAT(taken->owners(), ElementsAre(peer(1, 2)));
}

TEST_F(RoomDirectoryTest, CandidatesOfANodeThatHasGoneAreCancelled) {
  Room room(peer(1, 1), "");
  room.ask(candidacy(peer(9, 2), 1));
  room.ask(candidacy(peer(1, 3), 2));
  directory_.put("north", std::move(room));
  EXPECT_THAT(carry_out(request({}, action::NodeGone{9})), ElementsAre("room-join-cancel 1"));
  const auto taken = directory_.take("north");
  ASSERT_EQ(taken->requests().size(), 1U);
  EXPECT_EQ(taken->requests()[0]->candidate, peer(1, 3));
}

TEST_F(RoomDirectoryTest, PeersThatGoTogetherAreNotToldOfEachOther) {
  Room room(peer(1, 1), "");
  room.admit(peer(1, 2), "");
  room.ask(candidacy(peer(1, 3), 1));
  directory_.put("north", std::move(room));
  EXPECT_THAT(carry_out(request({}, action::PeersGone{{peer(1, 1), peer(1, 3)}})),
              ElementsAre("room-user-leave 2", "room-owner-change 2", "nothing 1 3"));
  EXPECT_THAT(carry_out(request({}, action::PeersGone{{peer(1, 2)}})), ElementsAre("nothing 2"));
  EXPECT_EQ(directory_.size(), 0U);
}

TEST_F(RoomDirectoryTest, TheSuccessorIsToldAfterThePeerHasLeft) {
  Room room(peer(1, 1), "");
  room.admit(peer(1, 2), "");
  directory_.put("north", std::move(room));
  const action::Leave leave{.has_gone = true, .successor = peer(1, 5), .leaves = 1};
  EXPECT_THAT(carry_out(request(peer(1, 2), leave)),
              ElementsAre("room-user-leave 1", "5 replaces 2"));
  EXPECT_THAT(carry_out(request(peer(1, 2), leave)), ElementsAre("5 replaces 2"));
}

// Its own peer has made room for it, and a stranger was faster.
TEST_F(RoomDirectoryTest, AMemberThatComesBackMakesNoRoomFullerThanItMayBe) {
  const auto ticket = std::make_shared<const Tickets>(Tickets{"new", Place{2}, Place{1}});
  Room room(peer(1, 1), "");
  room.admit(peer(1, 2), "", Place{1});
  RoomSettings settings;
  settings.capacity = 2;
  settings.admission = Admission::kOpen;
  room.change(std::move(settings));
  directory_.put("north", std::move(room));
  const auto effects = directory_.carry_out(joining(peer(1, 5), ticket), now_);
  ASSERT_EQ(effects.size(), 1U);
  RoomRequest again = std::get<Vacate>(effects[0]).request;
  std::get<action::Join>(again.action).holder = action::Join::Holder::kGone;
  carry_out(request(peer(1, 2), action::Leave{.has_gone = true}));
  RoomRequest stranger = request(peer(1, 7), action::Join{});
  carry_out(stranger);
  EXPECT_THAT(carry_out(again), Contains(StartsWith("room-join-reject 5")));
  carry_out(request(peer(1, 7), action::Leave{}));
  EXPECT_THAT(carry_out(again), Contains(StartsWith("room-join-accept 5")));
}

TEST_F(RoomDirectoryTest, ARoomWithManyFreePlacesLosesThemBeforeOthersDo) {
  constexpr std::uint64_t kRooms = 70;  // of 1000 places each
  const auto enter_and_go = [&](const std::string& name, std::uint64_t number, const Place& place) {
    RoomRequest asked =
        joining(peer(1, number), std::make_shared<const Tickets>(Tickets{"", place, Place{}}));
    asked.room = name;
    directory_.carry_out(asked, now_);
    asked.action = action::Leave{.has_gone = true};
    directory_.carry_out(asked, now_);
  };
  const auto open = [&](const std::string& name) {
    Room room(peer(1, 1), "");
    RoomSettings settings;
    settings.admission = Admission::kOpen;
    room.change(std::move(settings));
    directory_.put(name, std::move(room));
  };
  open("small");
  enter_and_go("small", 2, Place{1});
  now_ += 1s;  // so it is the oldest
  for (std::uint64_t i = 0; i < kRooms; ++i) {
    const std::string name = "large " + std::to_string(i);
    open(name);
    for (std::uint64_t j = 0; j < 1000; ++j) {
      enter_and_go(
          name, 2,
          Place{static_cast<unsigned char>(j % 251 + 1), static_cast<unsigned char>(j / 251)});
    }
  }
  EXPECT_TRUE(directory_.take("small")->is_free(Place{1}, now_));
}

TEST_F(RoomDirectoryTest, ANewOwnerIsAskedByThoseWhoStillWait) {
  Room room(peer(9, 1), "");
  room.admit(peer(1, 2), "");
  room.ask(candidacy(peer(1, 3), 1));
  directory_.put("north", std::move(room));
  EXPECT_THAT(carry_out(request({}, action::NodeGone{9})),
              ElementsAre("room-user-leave 2", "room-owner-change 2", "room-join-request 2"));
}

TEST_F(RoomDirectoryTest, ARoomEndsWithTheNodeOfAllItsMembers) {
  Room room(peer(9, 1), "");
  room.admit(peer(9, 2), "");
  room.ask(candidacy(peer(1, 3), 1));
  directory_.put("north", std::move(room));
  EXPECT_THAT(carry_out(request({}, action::NodeGone{9})), ElementsAre("room-join-reject 3"));
  EXPECT_EQ(directory_.size(), 0U);
}

TEST_F(RoomDirectoryTest, NobodyIsToldOfANodeThatWasNotInTheRoom) {
  directory_.put("north", Room(peer(1, 1), ""));
  EXPECT_THAT(carry_out(request({}, action::NodeGone{9})), IsEmpty());
  EXPECT_EQ(directory_.size(), 1U);
}

}  // namespace
}  // namespace heliograph::signaling
