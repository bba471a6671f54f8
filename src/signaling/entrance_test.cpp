#include "signaling/entrance.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "signaling/testing/task_fixture.hpp"

namespace heliograph::signaling {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

// Peer 1 owns the room.
class EntranceTest : public testing::Test {
 protected:
  std::vector<std::string> join(std::uint64_t sender, room_action::Join action = {}) {
    return join(&room_, sender, std::move(action));
  }
  std::vector<std::string> join(Room* room, std::uint64_t sender, room_action::Join action = {}) {
    Task task = task_of(sender);
    entrance_.join(task, room, action);
    return lines_of(task.effects);
  }
  void set(Admission admission) {
    RoomSettings settings;
    settings.admission = admission;
    settings.password = "#right";
    room_.change(settings);
  }
  static room_action::Join with_ticket(const Place& shown) {
    room_action::Join join;
    join.tickets = std::make_shared<const Tickets>(Tickets{"", Place{}, shown});
    return join;
  }

  Room room_{peer(1), "", Place{1}};
  Serials serials_;
  Candidates candidates_{Limits{}, serials_};
  Entrance entrance_{candidates_};
};

TEST_F(EntranceTest, LeadsNowhereWithoutARoom) {
  EXPECT_THAT(join(nullptr, 2), ElementsAre("room-join-reject 2"));
}

TEST_F(EntranceTest, OwnersDecideUnlessTheSettingsSayOtherwise) {
  EXPECT_THAT(join(2), ElementsAre("nothing 2", "room-join-request 1"));
  set(Admission::kOpen);
  EXPECT_THAT(join(3), ElementsAre("room-join-accept 3", "room-user-join 1"));
}

TEST_F(EntranceTest, APasswordOpensTheDoorUnlessItComesTooSoon) {
  set(Admission::kPassword);
  EXPECT_THAT(join(2), ElementsAre("room-join-reject 2"));
  room_action::Join action;
  action.passwords = {"#right"};
  action.wait = 1s;
  EXPECT_THAT(join(2, action), ElementsAre("room-join-reject 2"));
  action.wait = {};
  EXPECT_THAT(join(2, action), ElementsAre("room-join-accept 2", "room-user-join 1"));
}

TEST_F(EntranceTest, AMemberIsToldAgainWhatItKnows) {
  EXPECT_THAT(join(1), ElementsAre("room-join-accept 1"));
  EXPECT_EQ(room_.members().size(), 1U);
}

TEST_F(EntranceTest, ATicketOpensAFreePlace) {
  room_.admit(peer(2), "");
  room_.remove(peer(1), base::TimePoint(2h));
  EXPECT_THAT(join(3, with_ticket(Place{1})),
              ElementsAre("room-join-accept 3", "room-user-join 2"));
  EXPECT_TRUE(room_.find_member(peer(3))->is_owner);
}

TEST_F(EntranceTest, TheHolderOfAPlaceIsAskedToGo) {
  EXPECT_THAT(join(3, with_ticket(Place{1})), ElementsAre("1 is asked to go"));
  room_action::Join again = with_ticket(Place{1});
  again.holder = room_action::Join::Holder::kStays;
  EXPECT_THAT(join(3, again), ElementsAre("room-join-reject 3"));
}

TEST_F(EntranceTest, AnUnknownTicketIsNone) {
  EXPECT_THAT(join(3, with_ticket(Place{9})), ElementsAre("nothing 3", "room-join-request 1"));
}

}  // namespace
}  // namespace heliograph::signaling
