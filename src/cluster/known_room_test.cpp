#include "cluster/known_room.hpp"

#include <cstdint>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cluster/testing/message_lines.hpp"

namespace heliograph::cluster {
namespace {

using signaling::Membership;
using signaling::PeerId;
using signaling::Room;
using signaling::RoomUpdate;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using testing::peer;

using testing::kHere;
using testing::kThere;

const PeerId kAda = peer(kHere, 1);
const PeerId kBob = peer(kHere, 2);
const PeerId kEve = peer(kThere, 3);

// Owned by eve; ada is a member, and bob waits.
StoredRoom stored_room() {
  Room room(kEve, "");
  room.admit(kAda, "");
  signaling::JoinRequest request;
  request.candidate = kBob;
  room.ask(request);
  return {"7-2-1-1", fields_of(room)};
}

RoomUpdate update(Membership membership) {
  RoomUpdate update;
  update.to = {kAda};
  update.membership = membership;
  return update;
}

TEST(KnownRoomTest, NamesMembersAndCandidatesOfANode) {
  EXPECT_THAT(peers_on(kHere, stored_room()),
              ElementsAre(Pair(kAda, Membership::kMember), Pair(kBob, Membership::kPending)));
  EXPECT_THAT(peers_on(kThere, stored_room()), ElementsAre(Pair(kEve, Membership::kMember)));
  EXPECT_THAT(peers_on(kHere, {}), IsEmpty());
}

TEST(KnownRoomTest, ARoomConcernsNodesWithPeersThereOrThatSeeToItsEnd) {
  EXPECT_TRUE(concerns(kHere, stored_room()));
  EXPECT_FALSE(concerns(9, stored_room()));
  EXPECT_FALSE(concerns(kHere, {}));
  Room::Parts parts;
  parts.lingering = {.node = kHere, .number = 1};
  EXPECT_TRUE(concerns(kHere, {"8-2-1-1", fields_of(Room(parts))}));
}

TEST(KnownRoomTest, NotesWhatOthersTellPeersHere) {
  KnownRoom known;
  on_change(known, update(Membership::kUnchanged));
  EXPECT_THAT(known.doubts, ElementsAre(Doubt::kChanged));
  EXPECT_THAT(known.told, IsEmpty());
  on_change(known, update(Membership::kNone));
  EXPECT_THAT(known.told, ElementsAre(Pair(kAda, Membership::kNone)));
}

TEST(KnownRoomTest, ToHaveKnownLessOutweighsThatOthersHaveRestored) {
  KnownRoom known;
  on_restored(known);
  EXPECT_EQ(known.loss, Loss::kRestoredByOthers);
  known.loss = Loss::kKnewOlder;
  on_restored(known);
  EXPECT_EQ(known.loss, Loss::kKnewOlder);
}

TEST(KnownRoomTest, ACommitSettlesWhatWasTold) {
  KnownRoom known;
  known.told = {{kAda, Membership::kNone}};
  known.loss = Loss::kRestoredByOthers;
  StoredRoom after = stored_room();
  note_commit(known, std::move(after.version), std::move(after.fields));
  EXPECT_EQ(known.stored.version, "7-2-1-1");
  EXPECT_EQ(known.loss, Loss::kNone);
  EXPECT_THAT(known.told, IsEmpty());
}

TEST(KnownRoomTest, WhatWasToldCountsAsLongAsAChangeIsInDoubt) {
  KnownRoom known;
  on_change(known, update(Membership::kNone));
  learn(known, stored_room(), kThere);
  EXPECT_THAT(known.told, ElementsAre(Pair(kAda, Membership::kNone)));
}

TEST(KnownRoomTest, FindsPeersThatThisNodeDidNotBringIn) {
  KnownRoom known;
  EXPECT_THAT(learn(known, stored_room(), kHere), ElementsAre(kAda, kBob));
  EXPECT_THAT(learn(known, stored_room(), kHere), IsEmpty());
}

}  // namespace
}  // namespace heliograph::cluster
