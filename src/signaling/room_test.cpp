#include "signaling/room.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace heliograph::signaling {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

PeerId peer(std::uint64_t nonce) { return {{1, 2}, 3, nonce}; }

JoinRequest request(const PeerId& candidate, std::uint64_t serial) {
  return {.candidate = candidate,
          .peerinfo = "1",
          .payload = "2",
          .attachments = std::make_shared<const std::vector<std::string>>(1, "attached"),
          .serial = serial};
}

TEST(Room, IsPutTogetherAgainFromItsParts) {
  Room room(peer(1), "\"Ada\"");
  room.admit(peer(2), "\"Bob\"");
  room.ask(request(peer(4), 8));
  room.ask(request(peer(3), 9));
  room.change({.locked = true, .capacity = 5, .admission = Admission::kOpen, .password = "#"});
  room.ban(peer(5));
  Room again(room.parts());
  ASSERT_EQ(again.members().size(), 2U);
  EXPECT_THAT(again.peers(), ElementsAre(peer(1), peer(2)));
  EXPECT_THAT(again.owners(), ElementsAre(peer(1)));
  EXPECT_EQ(again.members()[1].peerinfo, "\"Bob\"");
  ASSERT_EQ(again.requests().size(), 2U);
  EXPECT_EQ(again.requests()[0]->candidate, peer(4));
  EXPECT_EQ(again.requests()[0]->serial, 8U);
  EXPECT_EQ(again.requests()[1]->candidate, peer(3));
  EXPECT_EQ(again.requests()[1]->payload, "2");
  ASSERT_TRUE(again.requests()[1]->attachments);
  EXPECT_EQ(again.settings(), room.settings());
  EXPECT_TRUE(again.is_banned(peer(5)));
  EXPECT_FALSE(again.is_banned(peer(1)));
}

TEST(Room, HasFewPartsAsItBegins) {
  const Room::Parts parts = Room(peer(1), "").parts();
  EXPECT_EQ(parts.members.size(), 1U);
  EXPECT_THAT(parts.requests, IsEmpty());
  EXPECT_EQ(parts.settings, RoomSettings{});
  EXPECT_THAT(parts.banned, IsEmpty());
  EXPECT_THAT(Room(parts).owners(), ElementsAre(peer(1)));
}

TEST(Room, RemembersTheLastOfTheBannedThroughItsParts) {
  Room room(peer(1), "");
  for (std::uint64_t i = 0; i < Room::kMostBanned; ++i) room.ban(peer(10 + i));
  Room again(room.parts());
  again.ban(peer(2));
  EXPECT_FALSE(again.is_banned(peer(10)));
  EXPECT_TRUE(again.is_banned(peer(11)));
  EXPECT_TRUE(again.is_banned(peer(2)));
}

TEST(Room, GoesOnFromItsPartsAsItWas) {
  Room room(peer(1), "");
  room.admit(peer(2), "");
  room.admit(peer(3), "");
  Room again(room.parts());
  EXPECT_TRUE(again.remove(peer(1)).owner_changed);
  EXPECT_THAT(again.owners(), ElementsAre(peer(2)));
}

}  // namespace
}  // namespace heliograph::signaling
