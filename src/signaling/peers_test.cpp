#include "signaling/peers.hpp"

#include <gtest/gtest.h>

namespace heliograph::signaling {
namespace {

constexpr Address kHome{.node = 7, .worker = 2};

TEST(Peers, AnIdSaysWhereItsPeerLives) {
  Peers peers(kHome);
  const PeerId id = peers.add(42).id;
  EXPECT_EQ(id.home, kHome);
  EXPECT_EQ(id.nonce, 42U);
  ASSERT_NE(peers.find(id), nullptr);
  EXPECT_EQ(peers.find(id)->id, id);
  EXPECT_EQ(peers.size(), 1U);
}

TEST(Peers, APlaceIsUsedAgainAndTheOldIdStaysDead) {
  Peers peers(kHome);
  const PeerId gone = peers.add(1).id;
  const PeerId other = peers.add(2).id;
  peers.remove(gone);
  EXPECT_EQ(peers.size(), 1U);
  const PeerId next = peers.add(3).id;
  EXPECT_EQ(next.slot, gone.slot);
  EXPECT_EQ(peers.find(gone), nullptr);
  EXPECT_NE(peers.find(next), nullptr);
  EXPECT_NE(peers.find(other), nullptr);
}

TEST(Peers, RemovingTwiceTakesNobodyElseOut) {
  Peers peers(kHome);
  const PeerId gone = peers.add(1).id;
  peers.remove(gone);
  const PeerId next = peers.add(2).id;
  peers.remove(gone);
  EXPECT_NE(peers.find(next), nullptr);
  EXPECT_EQ(peers.size(), 1U);
  EXPECT_NE(peers.add(3).id.slot, next.slot);
}

TEST(Peers, IdsMadeUpByOthersNameNobody) {
  Peers peers(kHome);
  const PeerId id = peers.add(5).id;
  PeerId made_up = id;
  made_up.home.node = 8;
  EXPECT_EQ(peers.find(made_up), nullptr);
  made_up = id;
  made_up.home.worker = 0;
  EXPECT_EQ(peers.find(made_up), nullptr);
  made_up = id;
  made_up.nonce = 6;
  EXPECT_EQ(peers.find(made_up), nullptr);
  for (const std::uint32_t slot : {1U, 2U, 0x7FFFFFFFU, 0xFFFFFFFFU}) {
    made_up = id;
    made_up.slot = slot;
    EXPECT_EQ(peers.find(made_up), nullptr);
  }
}

TEST(Peers, OnlyFortyEightBitsOfANonceCount) {
  Peers peers(kHome);
  const PeerId id = peers.add(~std::uint64_t{0}).id;
  EXPECT_EQ(id.nonce, kNonceMask);
  EXPECT_NE(peers.find(id), nullptr);
}

}  // namespace
}  // namespace heliograph::signaling
