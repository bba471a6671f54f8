#include "cluster/deliveries.hpp"

#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cluster/testing/message_lines.hpp"

namespace heliograph::cluster {
namespace {

using signaling::Acknowledgement;
using signaling::PassedOn;
using signaling::PeerId;
using signaling::RoomEffect;
using signaling::RoomUpdate;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::lines_of;
using testing::peer;

RoomUpdate update(std::vector<PeerId> to, const std::string& event) {
  RoomUpdate update;
  update.to = std::move(to);
  update.room = "north";
  update.membership = signaling::Membership::kMember;
  update.event = "[\"" + event + "\",{}]";
  return update;
}

TEST(Deliveries, AreOneBatchANodeInTheOrderOfAdding) {
  Deliveries deliveries({.node = 1, .epoch = 2, .serial = 3});
  deliveries.add(RoomEffect(update({peer(5, 1)}, "first")));
  deliveries.add(RoomEffect(Acknowledgement{peer(4, 2), 1, "[{\"ok\":true}]"}));
  deliveries.add(RoomEffect(update({peer(5, 3, 1)}, "third")));
  deliveries.add({.node = 5, .worker = 0}, PassedOn{peer(5, 1), "north"});
  const std::vector<Delivery> taken = deliveries.take();
  ASSERT_EQ(taken.size(), 2U);
  EXPECT_EQ(taken[0].node, 4U);
  EXPECT_THAT(lines_of(taken[0].batch), ElementsAre("p2 ack 1: ok"));
  EXPECT_EQ(taken[1].node, 5U);
  EXPECT_THAT(lines_of(taken[1].batch),
              ElementsAre("p1 first: inside", "p3 third: inside", "p1 passed on"));
  const auto batch = read_batch(taken[1].batch);
  EXPECT_EQ(batch->origin.node, 1U);
  EXPECT_EQ(batch->origin.epoch, 2U);
  EXPECT_EQ(batch->origin.serial, 3U);
  EXPECT_EQ(batch->messages[1].worker, 1);
}

TEST(Deliveries, AnUpdateGoesOnceToEachWorkerWithAllOfItsPeers) {
  Deliveries deliveries({});
  deliveries.add(RoomEffect(
      update({peer(1, 10), peer(2, 20), peer(1, 11, 1), peer(2, 21), peer(1, 12)}, "news")));
  const std::vector<Delivery> taken = deliveries.take();
  ASSERT_EQ(taken.size(), 2U);
  EXPECT_THAT(lines_of(taken[0].batch), ElementsAre("p10 p12 news: inside", "p11 news: inside"));
  EXPECT_THAT(lines_of(taken[1].batch), ElementsAre("p20 p21 news: inside"));
}

TEST(Deliveries, LeaveOutNodesThatHaveGone) {
  Deliveries deliveries({});
  deliveries.add(RoomEffect(update({peer(1, 10), peer(2, 20)}, "news")));
  deliveries.leave_out(1);
  deliveries.add(RoomEffect(update({peer(1, 10)}, "more")));
  const std::vector<Delivery> taken = deliveries.take();
  ASSERT_EQ(taken.size(), 1U);
  EXPECT_EQ(taken[0].node, 2U);
}

TEST(Deliveries, AreNoneWhereThereIsNothingToSay) {
  EXPECT_THAT(Deliveries({}).take(), IsEmpty());
  Deliveries deliveries({});
  deliveries.add(RoomEffect(update({}, "to-nobody")));
  EXPECT_THAT(deliveries.take(), IsEmpty());
}

}  // namespace
}  // namespace heliograph::cluster
