#include "signaling/departures.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "signaling/testing/task_fixture.hpp"

namespace heliograph::signaling {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

// Peer 1 owns the room.
class DeparturesTest : public testing::Test {
 protected:
  Room room_{peer(1), "", Place{1}};
  Serials serials_;
  LingeringRooms lingering_{10s};
  Candidates candidates_{Limits{}, serials_};
  Departures departures_{Limits{}, candidates_, lingering_, serials_};
};

TEST_F(DeparturesTest, ARoomEndsWithItsLastMember) {
  Task task = task_of(1);
  departures_.leave(task, &room_, {});
  EXPECT_THAT(lines_of(task.effects), ElementsAre("nothing 1"));
  EXPECT_TRUE(task.ends_room);
  EXPECT_TRUE(lingering_.is_empty());
}

TEST_F(DeparturesTest, ARoomWaitsForAMemberThatGoesWithoutSayingSo) {
  Task task = task_of(1);
  departures_.leave(task, &room_, {.has_gone = true});
  EXPECT_THAT(task.effects, IsEmpty());
  EXPECT_FALSE(task.ends_room);
  EXPECT_EQ(room_.free_place_count(), 1U);
  EXPECT_EQ(lingering_.take_oldest()->number, room_.lingering().number);
}

TEST_F(DeparturesTest, ARoomWaitsForNobodyWithoutATicket) {
  room_.give_place(peer(1), Place{});
  Task task = task_of(1);
  departures_.leave(task, &room_, {.has_gone = true});
  EXPECT_TRUE(task.ends_room);
}

TEST_F(DeparturesTest, ThoseWhoStayAreToldAndHaveANewOwner) {
  room_.admit(peer(2), "");
  room_.admit(peer(3), "");
  Task task = task_of(1);
  departures_.leave(task, &room_, {});
  EXPECT_THAT(lines_of(task.effects),
              ElementsAre("nothing 1", "room-user-leave 2 3", "room-owner-change 2 3"));
  EXPECT_THAT(room_.owners(), ElementsAre(peer(2)));
}

TEST_F(DeparturesTest, AStrangerCannotLeaveAndARepeatedLeaveIsConfirmed) {
  Task stranger = task_of(2);
  stranger.request.ack = 1;
  departures_.leave(stranger, &room_, {.has_gone = true});
  EXPECT_EQ(stranger.effects.size(), 1U);
  EXPECT_NE(lines_of(stranger.effects)[0], R"([{"ok":true}])");
  Task again = task_of(2);
  again.request.ack = 1;
  departures_.leave(again, &room_, {.has_gone = true, .is_repeated = true});
  EXPECT_THAT(lines_of(again.effects), ElementsAre(R"([{"ok":true}])"));
}

TEST_F(DeparturesTest, ThoseWhoGoTogetherAreNotToldOfEachOther) {
  room_.admit(peer(2), "");
  room_.admit(peer(3), "");
  Task task = task_of(0);
  const auto has_gone = [](const PeerId& peer) { return peer.nonce != 3; };
  departures_.take_out_gone(task, room_, has_gone, Departures::Places::kForget);
  EXPECT_THAT(lines_of(task.effects),
              ElementsAre("room-user-leave 3", "room-user-leave 3", "room-owner-change 3"));
  EXPECT_EQ(room_.free_place_count(), 0U);
}

}  // namespace
}  // namespace heliograph::signaling
