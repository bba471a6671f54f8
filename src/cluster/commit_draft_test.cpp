#include "cluster/commit_draft.hpp"

#include <cstdint>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cluster/testing/message_lines.hpp"

namespace heliograph::cluster {
namespace {

using signaling::PeerId;
using signaling::Room;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::lines_to;
using testing::peer;
using testing::relay;
using testing::request;
namespace action = signaling::room_action;

using testing::kHere;
using testing::kThere;

const PeerId kAda = peer(kHere, 1);
const PeerId kEve = peer(kThere, 3);

const CommitDraft::Terms kTerms{
    .origin = {.node = kHere, .epoch = 0xE, .serial = 0x1F, .is_commit = true}, .changes = 9};

StoredRoom stored(const Room& room) { return {"41-2-1-1", fields_of(room)}; }

CommitDraft::Result finish(CommitDraft& draft) { return draft.finish(base::TimePoint::max()); }

TEST(CommitDraftTest, MakesARoom) {
  const StoredRoom none;
  CommitDraft draft("north", none, kTerms);
  EXPECT_FALSE(draft.has_begun_with_room());
  EXPECT_FALSE(draft.carry_out(request(kAda, action::Create{}), 1, {}));
  const auto [commit, after] = finish(draft);
  EXPECT_EQ(commit.life, Commit::Life::kBegins);
  EXPECT_EQ(commit.version, "");
  EXPECT_EQ(commit.new_version, "10-1-e-1f");
  EXPECT_THAT(commit.joined, ElementsAre(kHere));
  ASSERT_TRUE(room_of(after));
  EXPECT_THAT(room_of(after)->owners(), ElementsAre(kAda));
}

TEST(CommitDraftTest, CarriesTasksOutOneAfterTheOther) {
  const StoredRoom known = stored(Room(kAda, ""));
  CommitDraft draft("north", known, kTerms);
  EXPECT_TRUE(draft.has_begun_with_room());
  ASSERT_NE(draft.room(), nullptr);
  draft.carry_out(relay(kAda, kEve), 1, {});
  draft.carry_out(request(kAda, action::Leave{}), 1, {});
  EXPECT_EQ(draft.room(), nullptr);
  const auto [commit, after] = finish(draft);
  EXPECT_EQ(commit.life, Commit::Life::kIsNone);
  EXPECT_EQ(commit.version, "41-2-1-1");
  EXPECT_EQ(commit.new_version, "42-1-e-1f");
  EXPECT_THAT(commit.left, ElementsAre(kHere));
  EXPECT_THAT(lines_to(kThere, commit.deliveries), ElementsAre("p3 relay message of p1"));
  EXPECT_THAT(after, IsEmpty());
}

TEST(CommitDraftTest, KeepsTheVersionOfARoomThatStaysAsItIs) {
  const StoredRoom known = stored(Room(kAda, ""));
  CommitDraft draft("north", known, kTerms);
  const auto [commit, after] = finish(draft);
  EXPECT_EQ(commit.new_version, commit.version);
  EXPECT_EQ(commit.life, Commit::Life::kGoesOn);
  EXPECT_THAT(commit.deliveries, IsEmpty());
  EXPECT_EQ(after, known.fields);
}

TEST(CommitDraftTest, TellsNobodyOfANodeThatHasGone) {
  Room room(kAda, "");
  room.admit(kEve, "");
  const StoredRoom known = stored(room);
  CommitDraft draft("north", known, kTerms);
  draft.carry_out(signaling::own_request("north", action::NodeGone{kThere, kHere}), 1, {});
  draft.carry_out(relay(kAda, kEve), 1, {});
  const Commit commit = finish(draft).commit;
  EXPECT_THAT(commit.gone, ElementsAre(kThere));
  EXPECT_THAT(commit.left, ElementsAre(kThere));
  EXPECT_THAT(lines_to(kThere, commit.deliveries), IsEmpty());
}

TEST(CommitDraftTest, TakesThePeersOfThisNodeOutWhetherItIsDeadOrNot) {
  Room room(kEve, "");
  room.admit(kAda, "");
  const StoredRoom known = stored(room);
  CommitDraft draft("north", known, kTerms);
  draft.carry_out(signaling::own_request("north", action::NodeGone{kHere, kHere}), 1, {});
  const Commit commit = finish(draft).commit;
  EXPECT_THAT(commit.gone, IsEmpty());
  EXPECT_THAT(commit.left, ElementsAre(kHere));
}

// The list of the node's rooms does not have it: its peers were out, and one is in again.
TEST(CommitDraftTest, ListsTheRoomForANodeThatIsTakenOutAndComesBackIn) {
  const StoredRoom none;
  CommitDraft draft("north", none, kTerms);
  draft.carry_out(signaling::own_request("north", action::NodeGone{kHere, kHere}), 1, {});
  draft.carry_out(request(kAda, action::Create{}), 1, {});
  const Commit commit = finish(draft).commit;
  EXPECT_THAT(commit.joined, ElementsAre(kHere));
  EXPECT_THAT(commit.left, IsEmpty());
}

}  // namespace
}  // namespace heliograph::cluster
