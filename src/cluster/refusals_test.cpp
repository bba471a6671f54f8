#include "cluster/refusals.hpp"

#include <cstdint>

#include <gtest/gtest.h>

#include "cluster/testing/message_lines.hpp"

namespace heliograph::cluster {
namespace {

using signaling::PeerId;

constexpr std::uint64_t kFirst = 11;   // the serials of two commits
constexpr std::uint64_t kSecond = 12;  // in the same room

const PeerId kAda = testing::peer(1, 1);
const PeerId kBob = testing::peer(1, 2);

TEST(RefusalsTest, TakesEachRefusedEntryOfAMemberOnce) {
  Refusals refusals;
  refusals.add_entry_of_member(kFirst, kAda);
  refusals.add_entry_of_member(kFirst, kAda);
  EXPECT_FALSE(refusals.take_entry_of_member(kFirst, kBob));
  EXPECT_FALSE(refusals.take_entry_of_member(kSecond, kAda));
  EXPECT_TRUE(refusals.take_entry_of_member(kFirst, kAda));
  EXPECT_TRUE(refusals.take_entry_of_member(kFirst, kAda));
  EXPECT_FALSE(refusals.take_entry_of_member(kFirst, kAda));
}

TEST(RefusalsTest, TakesEachPassedOnOnce) {
  Refusals refusals;
  refusals.add_passed_on(kFirst, kAda);
  EXPECT_FALSE(refusals.take_entry_of_member(kFirst, kAda));
  EXPECT_TRUE(refusals.take_passed_on(kFirst, kAda));
  EXPECT_FALSE(refusals.take_passed_on(kFirst, kAda));
}

TEST(RefusalsTest, ShutsOutAStrangerOnceItsEntryIsCarriedOut) {
  Refusals refusals;
  refusals.add_entry_of_stranger(kFirst, "north", kAda);
  EXPECT_FALSE(refusals.is_shut_out("north", kAda));
  refusals.on_commit(kSecond);
  EXPECT_FALSE(refusals.is_shut_out("north", kAda));
  refusals.on_commit(kFirst);
  EXPECT_TRUE(refusals.is_shut_out("north", kAda));
  EXPECT_FALSE(refusals.is_shut_out("north", kBob));
  EXPECT_FALSE(refusals.is_shut_out("south", kAda));
}

TEST(RefusalsTest, OnlyALaterCommitLetsAStrangerHearOfTheRoomAgain) {
  Refusals refusals;
  refusals.add_entry_of_stranger(kFirst, "north", kAda);
  refusals.on_commit(kFirst);
  refusals.on_gone(kFirst, "north", kAda);
  refusals.on_gone(kSecond, "south", kAda);
  refusals.on_gone(kSecond, "north", kBob);
  EXPECT_TRUE(refusals.is_shut_out("north", kAda));
  refusals.on_gone(kSecond, "north", kAda);
  EXPECT_FALSE(refusals.is_shut_out("north", kAda));
}

TEST(RefusalsTest, KeepsAStrangerOutThatWasRefusedOnceMore) {
  Refusals refusals;
  refusals.add_entry_of_stranger(kFirst, "north", kAda);
  refusals.add_entry_of_stranger(kSecond, "north", kAda);
  refusals.on_commit(kFirst);
  refusals.on_gone(kSecond, "north", kAda);
  EXPECT_FALSE(refusals.is_shut_out("north", kAda));
  refusals.on_commit(kSecond);
  EXPECT_TRUE(refusals.is_shut_out("north", kAda));
}

TEST(RefusalsTest, ForgetsACommitThatWasNotCarriedOut) {
  Refusals refusals;
  for (const std::uint64_t serial : {kFirst, kSecond}) {
    refusals.add_entry_of_member(serial, kAda);
    refusals.add_passed_on(serial, kAda);
    refusals.add_entry_of_stranger(serial, "north", kBob);
  }
  refusals.forget(kFirst);
  refusals.on_commit(kFirst);
  EXPECT_FALSE(refusals.take_entry_of_member(kFirst, kAda));
  EXPECT_FALSE(refusals.take_passed_on(kFirst, kAda));
  EXPECT_FALSE(refusals.is_shut_out("north", kBob));
  refusals.on_commit(kSecond);
  EXPECT_TRUE(refusals.take_entry_of_member(kSecond, kAda));
  EXPECT_TRUE(refusals.take_passed_on(kSecond, kAda));
  EXPECT_TRUE(refusals.is_shut_out("north", kBob));
}

TEST(RefusalsTest, AfterALossShutsOutOnlyByCommitsThatAreUnderWay) {
  Refusals refusals;
  refusals.add_entry_of_stranger(kFirst, "north", kAda);
  refusals.add_entry_of_stranger(kSecond, "north", kBob);
  refusals.on_commit(kFirst);
  refusals.forget_shut_out_except({kSecond});
  EXPECT_FALSE(refusals.is_shut_out("north", kAda));
  refusals.on_commit(kSecond);
  EXPECT_TRUE(refusals.is_shut_out("north", kBob));
}

TEST(RefusalsTest, ForgetsEverything) {
  Refusals refusals;
  refusals.add_entry_of_member(kFirst, kAda);
  refusals.add_passed_on(kFirst, kAda);
  refusals.add_entry_of_stranger(kFirst, "north", kBob);
  refusals.on_commit(kFirst);
  refusals.clear();
  EXPECT_FALSE(refusals.take_entry_of_member(kFirst, kAda));
  EXPECT_FALSE(refusals.take_passed_on(kFirst, kAda));
  EXPECT_FALSE(refusals.is_shut_out("north", kBob));
}

}  // namespace
}  // namespace heliograph::cluster
