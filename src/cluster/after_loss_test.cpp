#include "cluster/after_loss.hpp"

#include <cstdint>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cluster/testing/message_lines.hpp"

namespace heliograph::cluster {
namespace {

using signaling::Membership;
using signaling::PeerId;
using signaling::Room;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::lines_to;
using testing::peer;

using testing::kElsewhere;
using testing::kHere;
using testing::kThere;

const PeerId kAda = peer(kHere, 1);
const PeerId kBob = peer(kHere, 2);
const PeerId kEve = peer(kThere, 3);

// Owned by eve, with these members beside her.
StoredRoom stored(const std::string& version, const std::vector<PeerId>& members) {
  Room room(kEve, "");
  for (const PeerId& member : members) room.admit(member, "");
  return {version, fields_of(room)};
}
StoredRoom restored(const std::string& version, const std::vector<PeerId>& members) {
  StoredRoom room = stored(version, members);
  room.restored = version;
  return room;
}
KnownRoom known(const std::vector<PeerId>& members) {
  return {.stored = stored("7-2-1-1", members), .told = {}, .doubts = {}};
}

TEST(AfterLossTest, ANodeRestoresRoomsThatConcernIt) {
  KnownRoom room = known({kAda});
  EXPECT_TRUE(is_to_restore(room, {}, kHere));
  EXPECT_EQ(room.stored.restored, "7-2-1-1");
  EXPECT_FALSE(is_to_restore(room, {}, kElsewhere));
}

TEST(AfterLossTest, ANodeLeavesARoomThatOthersHaveChangedToThem) {
  KnownRoom room = known({kAda});
  room.doubts = {Doubt::kChanged};
  EXPECT_FALSE(is_to_restore(room, {}, kHere));
  EXPECT_EQ(room.loss, Loss::kKnewOlder);
  EXPECT_TRUE(room.doubts.contains(Doubt::kRestored));
}

TEST(AfterLossTest, AlsoIfACommitUnderWayWasToFindOutHow) {
  KnownRoom room = known({kAda});
  EXPECT_FALSE(is_to_restore(room, {Doubt::kChanged}, kHere));
  EXPECT_EQ(room.loss, Loss::kKnewOlder);
}

TEST(AfterLossTest, ARoomThatOthersHaveRestoredIsRestoredHereToo) {
  KnownRoom room = known({kAda});
  on_restored(room);
  EXPECT_TRUE(is_to_restore(room, {}, kHere));
  EXPECT_EQ(room.loss, Loss::kRestoredByOthers);
}

TEST(AfterLossTest, RestoresTheWholeRoomAndTellsTheOtherNodes) {
  const StoredRoom room = stored("7-2-1-1", {kAda});
  const Commit commit =
      restoring_commit("north", room, {.node = kHere, .epoch = 1, .serial = 9, .is_commit = true});
  EXPECT_TRUE(commit.restores);
  EXPECT_EQ(commit.serial, 9U);
  EXPECT_EQ(commit.version, "7-2-1-1");
  EXPECT_EQ(commit.new_version, "7-2-1-1");
  EXPECT_EQ(commit.change.set.size(), room.fields.size());
  EXPECT_THAT(commit.joined, ElementsAre(kHere, kThere));
  EXPECT_THAT(lines_to(kThere, commit.deliveries), ElementsAre("is outside"));
  EXPECT_THAT(lines_to(kHere, commit.deliveries), IsEmpty());
}

TEST(AfterLossTest, NobodyIsMisledWithoutALoss) {
  EXPECT_THAT(misled_by_others(known({kAda}), restored("5-2-1-1", {}), kHere), IsEmpty());
}

TEST(AfterLossTest, AllAreMisledIfAnotherVersionWasRestored) {
  KnownRoom room = known({kAda, kBob});
  on_restored(room);
  EXPECT_THAT(misled_by_others(room, restored("5-2-1-1", {kAda, kBob}), kHere),
              ElementsAre(kAda, kBob));
}

TEST(AfterLossTest, NobodyIsMisledByWhatHappenedAfterTheSameVersionWasRestored) {
  KnownRoom room = known({kAda, kBob});
  room.stored.restored = "6-2-1-1";
  on_restored(room);
  StoredRoom now = stored("8-2-1-1", {kBob});
  now.restored = "6-2-1-1";
  EXPECT_THAT(misled_by_others(room, now, kHere), IsEmpty());
  EXPECT_THAT(misled_by_replacement(room, now, kHere), ElementsAre(kAda));
}

TEST(AfterLossTest, IfOthersKnewMoreThoseAreMisledWhoHaveLostTheirPlace) {
  KnownRoom room = known({kAda, kBob});
  room.loss = Loss::kKnewOlder;
  EXPECT_THAT(misled_by_others(room, restored("8-2-1-1", {kBob}), kHere), ElementsAre(kAda));
}

TEST(AfterLossTest, IfOthersKnewNoMoreAllAreMisled) {
  KnownRoom room = known({kAda, kBob});
  room.loss = Loss::kKnewOlder;
  EXPECT_THAT(misled_by_others(room, restored("7-2-1-1", {kAda, kBob}), kHere),
              ElementsAre(kAda, kBob));
}

TEST(AfterLossTest, WhatOthersToldPeersBeforeTheLossCounts) {
  KnownRoom room = known({kAda});
  room.told = {{kAda, Membership::kNone}, {kBob, Membership::kMember}};
  room.loss = Loss::kKnewOlder;
  EXPECT_THAT(misled_by_others(room, restored("8-2-1-1", {}), kHere), ElementsAre(kBob));
}

}  // namespace
}  // namespace heliograph::cluster
