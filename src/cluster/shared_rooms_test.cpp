// Long because all tests share the fixture that plays the store for one SharedRooms.
#include "cluster/shared_rooms.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cluster/testing/message_lines.hpp"

namespace heliograph::cluster {
namespace {

using namespace std::chrono_literals;
using signaling::PeerId;
using signaling::Room;
using signaling::RoomRequest;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::line_of;
using testing::lines_to;
using testing::peer;
using testing::relay;
using testing::request;
using ::testing::StartsWith;
namespace action = signaling::room_action;
using Kind = CommitAnswer::Kind;

constexpr std::uint32_t kHere = 1;
constexpr std::uint32_t kThere = 2;
constexpr std::uint32_t kElsewhere = 3;
constexpr base::Duration kPatience = 1s;
constexpr std::chrono::milliseconds kJoinTime = 60s;

// A node is told so if another node has changed the room.
signaling::RoomUpdate news(std::string room, std::vector<PeerId> to = {},
                           signaling::Membership membership = signaling::Membership::kUnchanged) {
  signaling::RoomUpdate update;
  update.to = std::move(to);
  update.room = std::move(room);
  update.membership = membership;
  return update;
}

// Notes what the rooms ask of their node.
class NodeStub final : public HostNode {
 public:
  void commit(const Commit& commit) override { commits.push_back(commit); }
  bool may_commit() const override { return true; }
  std::uint64_t next_serial() override { return ++last_serial; }
  std::uint64_t epoch() const override { return 0xE; }
  std::uint64_t changes() const override { return changes_seen; }
  base::Duration unix_offset() const override { return base::Duration::zero(); }
  void tell_at_once(const PeerId& peer, signaling::WorkerMessage message) override {
    EXPECT_EQ(peer.home.node, kHere);
    told.push_back(line_of(message));
  }
  void disconnect(const PeerId& peer) override { disconnected.push_back(peer); }

  std::vector<Commit> commits;
  std::vector<std::string> told;
  std::vector<PeerId> disconnected;
  std::uint64_t last_serial = 0;
  std::uint64_t changes_seen = 0;  // by the store
};

// The rooms of one node, and a store that answers as the test says.
class SharedRoomsTest : public ::testing::Test {
 protected:
  SharedRoomsTest() { rooms_.resume(now_); }

  void ask(RoomTask task) { rooms_.ask(std::move(task), now_); }
  void ask(const PeerId& from, signaling::RoomAction action, std::uint64_t ack = 0) {
    RoomRequest asked = request(from, std::move(action));
    if (ack != 0) asked.ack = ack;
    ask(std::move(asked));
  }

  const Commit& last() { return commits_.back(); }
  std::vector<std::string> delivered(std::uint32_t node) {
    return lines_to(node, last().deliveries);
  }

  // The store carries out the last commit.
  void done() {
    const Commit commit = last();
    RoomFields& fields = stored_.fields;
    for (const auto& [name, value] : commit.change.set) fields[name] = value;
    for (const std::string& name : commit.change.erased) fields.erase(name);
    stored_.version = commit.new_version;
    answer(Kind::kDone);
  }
  void answer(Kind kind) { rooms_.answered("north", {kind, {}}, now_); }
  // Another node was faster: the store holds this room.
  void conflict(const Room& room, const std::string& version) {
    stored_ = {version, fields_of(room)};
    rooms_.answered("north", {Kind::kConflict, stored_}, now_);
  }
  // The store loses everything, and can be asked again.
  void lose_store() {
    rooms_.pause();
    rooms_.restore();
    rooms_.resume(now_);
  }
  // Another node has restored this version, which this node learns now.
  void find_restored(const Room& room, const std::string& version) {
    stored_ = {version, fields_of(room), version};
    rooms_.answered("north", {Kind::kConflict, stored_}, now_);
  }
  void pass(base::Duration duration) {
    now_ += duration;
    rooms_.elapse(now_);
  }
  bool is_shut_out(const PeerId& peer) { return refusals_.is_shut_out("north", peer); }
  Room stored_room() { return *room_of(stored_.fields); }

  // The room is there, and these are in it; the first one owns it.
  void open(const std::vector<PeerId>& members) {
    Room room(members[0], "");
    for (const PeerId& member : members) {
      if (member != members[0]) room.admit(member, "");
    }
    // By their own wish, as all that this node knows to be its own.
    Room open_to_all(eve_, "");
    signaling::RoomSettings settings;
    settings.admission = signaling::Admission::kOpen;
    open_to_all.change(std::move(settings));
    for (const PeerId& member : members) {
      if (member.home.node != kHere) continue;
      ask(member, action::Join{});
      if (stored_.fields.empty()) conflict(open_to_all, "2-9-9");
      done();
    }
    ask(members[0], action::Describe{});
    conflict(room, "3-9-9");
    answer(Kind::kDone);
    commits_.clear();
    told_.clear();
  }

  base::TimePoint now_{};
  NodeStub node_;
  std::vector<Commit>& commits_ = node_.commits;
  std::vector<std::string>& told_ = node_.told;
  StoredRoom stored_;
  Refusals refusals_;
  SharedRooms rooms_{
      {.node = kHere, .limits = {.join_request_timeout = kJoinTime}, .patience = kPatience},
      node_,
      refusals_};

  const PeerId ada_ = peer(kHere, 1);
  const PeerId bob_ = peer(kHere, 2);
  const PeerId eve_ = peer(kThere, 3);
};

TEST_F(SharedRoomsTest, CommitsWhatARequestBringsAbout) {
  ask(ada_, action::Create{R"("Ada")"}, 7);
  ASSERT_EQ(commits_.size(), 1U);
  EXPECT_EQ(last().room, "north");
  EXPECT_EQ(last().version, "");
  EXPECT_THAT(last().new_version, StartsWith("1-"));
  EXPECT_EQ(last().life, Commit::Life::kBegins);
  EXPECT_FALSE(last().restores);
  EXPECT_EQ(last().deadline, now_ + kPatience);
  EXPECT_THAT(last().joined, ElementsAre(kHere));
  EXPECT_THAT(last().left, IsEmpty());
  EXPECT_THAT(delivered(kHere),
              ElementsAre("p1 room-create-accept: inside, answers an entry", "p1 ack 7: ok"));
  done();
  EXPECT_EQ(stored_room().owners(), std::vector{ada_});
  EXPECT_EQ(stored_room().members()[0].peerinfo, R"("Ada")");
  EXPECT_THAT(told_, IsEmpty());
  EXPECT_TRUE(rooms_.is_idle());
}

TEST_F(SharedRoomsTest, ChangesWhatHasChangedOnly) {
  open({ada_});
  ask(eve_, action::Join{});
  EXPECT_EQ(last().version, "3-9-9");
  EXPECT_THAT(last().new_version, StartsWith("4-"));
  EXPECT_EQ(last().change.set.size(), 1U);
  EXPECT_THAT(last().change.erased, IsEmpty());
  EXPECT_THAT(last().joined, ElementsAre(kThere));
}

TEST_F(SharedRoomsTest, GivesEachVersionANameOfItsOwn) {
  open({ada_});
  ask(ada_, action::ChangePeerinfo{"1"});
  const std::string first = last().new_version;
  done();
  ask(ada_, action::ChangePeerinfo{"2"});
  EXPECT_NE(last().new_version, first);
  EXPECT_EQ(last().version, first);
}

// So what was written after a loss is not taken for older than what was before.
TEST_F(SharedRoomsTest, CountsOnFromAllThatTheStoreHasSeen) {
  node_.changes_seen = 4711;
  ask(ada_, action::Create{});
  EXPECT_THAT(last().new_version, StartsWith("4712-"));
}

TEST_F(SharedRoomsTest, WhatChangesNothingKeepsTheVersion) {
  open({ada_});
  ask(ada_, action::Describe{}, 7);
  EXPECT_EQ(last().new_version, last().version);
  EXPECT_THAT(last().change.set, IsEmpty());
  EXPECT_THAT(delivered(kHere), ElementsAre("p1 ack 7: ok"));
}

TEST_F(SharedRoomsTest, TheLastToLeaveEndsTheRoom) {
  open({ada_});
  ask(ada_, action::Leave{});
  EXPECT_EQ(last().life, Commit::Life::kIsNone);
  EXPECT_THAT(last().new_version, StartsWith("4-"));
  EXPECT_THAT(last().left, ElementsAre(kHere));
  done();
  EXPECT_EQ(rooms_.size(), 0U);
}

TEST_F(SharedRoomsTest, ANodeIsInTheRoomAsLongAsAnyOfItsPeersIs) {
  open({ada_, bob_, eve_});
  ask(bob_, action::Leave{});
  EXPECT_THAT(last().left, IsEmpty());
  done();
  ask(ada_, action::Leave{});
  EXPECT_THAT(last().left, ElementsAre(kHere));
  EXPECT_THAT(delivered(kThere),
              ElementsAre("p3 room-user-leave: inside", "p3 room-owner-change: inside"));
}

TEST_F(SharedRoomsTest, AsksOneThingAtATimeAndThenAllThatHasComeMeanwhile) {
  ask(ada_, action::Create{});
  ask(bob_, action::Join{}, 1);
  ask(eve_, action::Join{}, 2);
  EXPECT_EQ(commits_.size(), 1U);
  done();
  ASSERT_EQ(commits_.size(), 2U);
  EXPECT_THAT(delivered(kHere),
              ElementsAre("p2 is waiting, answers an entry", "p1 room-join-request: inside",
                          "p2 ack 1: ok", "p1 room-join-request: inside"));
  EXPECT_THAT(delivered(kThere), ElementsAre("p3 is waiting, answers an entry", "p3 ack 2: ok"));
  done();
  EXPECT_TRUE(rooms_.is_idle());
}

TEST_F(SharedRoomsTest, DoesNotPutEverythingIntoOneCommit) {
  open({ada_});
  for (int i = 0; i < 200; ++i) ask(ada_, action::Describe{}, 1);
  std::size_t answers = 0;
  for (std::size_t i = 0; i < 200 && !rooms_.is_idle(); ++i) {
    EXPECT_LE(delivered(kHere).size(), 100U);
    answers += delivered(kHere).size();
    done();
  }
  EXPECT_EQ(answers, 200U);
}

TEST_F(SharedRoomsTest, RoomsDoNotWaitForEachOther) {
  ask(ada_, action::Create{});
  RoomRequest other = request(bob_, action::Create{});
  other.room = "south";
  ask(std::move(other));
  ASSERT_EQ(commits_.size(), 2U);
  EXPECT_EQ(last().room, "south");
}

TEST_F(SharedRoomsTest, DoesItAgainOnWhatAnotherNodeHasMadeOfTheRoom) {
  ask(ada_, action::Create{}, 7);
  const std::uint64_t first = last().serial;
  conflict(Room(eve_, ""), "1-2-3");
  ASSERT_EQ(commits_.size(), 2U);
  EXPECT_GT(last().serial, first);
  EXPECT_EQ(last().version, "1-2-3");
  EXPECT_EQ(last().new_version, "1-2-3");
  EXPECT_THAT(delivered(kHere), ElementsAre("p1 room-create-reject: outside, answers an entry",
                                            "p1 ack 7: room-taken"));
}

TEST_F(SharedRoomsTest, DoesItAgainWhereTheRoomHasEnded) {
  open({ada_});
  ask(bob_, action::Join{}, 7);
  stored_ = {};
  answer(Kind::kConflict);
  EXPECT_EQ(last().version, "");
  EXPECT_THAT(delivered(kHere), ElementsAre("p2 room-join-reject: outside, answers an entry",
                                            "p2 ack 7: room-not-found"));
}

TEST_F(SharedRoomsTest, TriesAgainLaterWhatIsNotToBeDoneNow) {
  ask(ada_, action::Create{});
  const std::uint64_t first = last().serial;
  answer(Kind::kLater);
  EXPECT_EQ(commits_.size(), 1U);
  ASSERT_LT(rooms_.deadline(), now_ + kPatience);
  now_ = rooms_.deadline();
  rooms_.elapse(now_);
  ASSERT_EQ(commits_.size(), 2U);
  EXPECT_GT(last().serial, first);
  EXPECT_THAT(told_, IsEmpty());
}

TEST_F(SharedRoomsTest, WithoutAnAnswerTheCommitStaysUnderWay) {
  ask(ada_, action::Create{});
  answer(Kind::kUnknown);
  ASSERT_NE(rooms_.renumber("north", 999), nullptr);
  EXPECT_EQ(rooms_.renumber("north", 999)->serial, last().serial);
  EXPECT_FALSE(rooms_.is_idle());
  rooms_.pause();
  rooms_.resume(now_);
  EXPECT_EQ(commits_.size(), 1U);  // the caller sends it again
  done();
  EXPECT_EQ(rooms_.renumber("north", 999), nullptr);
  EXPECT_TRUE(rooms_.is_idle());
}

TEST_F(SharedRoomsTest, WaitsWhileItIsPaused) {
  rooms_.pause();
  ask(ada_, action::Create{});
  ask(bob_, action::Join{});
  EXPECT_THAT(commits_, IsEmpty());
  rooms_.resume(now_);
  EXPECT_EQ(commits_.size(), 1U);
}

TEST_F(SharedRoomsTest, ForgetsARoomWhereNoneOfItsPeersIs) {
  ask(ada_, action::Join{});
  EXPECT_EQ(rooms_.size(), 1U);
  done();
  EXPECT_EQ(rooms_.size(), 0U);
  conflict(Room(eve_, ""), "1-2-3");  // an answer that nobody waits for
  EXPECT_EQ(rooms_.size(), 0U);
}

// --- patience

struct Refusal {
  const char* name;
  signaling::RoomAction action;
  std::vector<std::string> told;
};

class RefusalTest : public SharedRoomsTest, public ::testing::WithParamInterface<Refusal> {};

TEST_P(RefusalTest, TellsWhoHasWaitedTooLong) {
  rooms_.pause();
  RoomRequest asked = request(ada_, GetParam().action);
  asked.ack = 7;
  asked.wants_passed_on = true;
  ask(std::move(asked));
  pass(kPatience - 1ms);
  EXPECT_THAT(told_, IsEmpty());
  pass(1ms);
  EXPECT_EQ(told_, GetParam().told);
  rooms_.resume(now_);
  EXPECT_THAT(commits_, IsEmpty());
  EXPECT_TRUE(rooms_.is_idle());
}

INSTANTIATE_TEST_SUITE_P(
    Actions, RefusalTest,
    ::testing::Values(
        Refusal{"Create",
                action::Create{},
                {"p1 room-create-reject: as it was, answers an entry",
                 "p1 ack 7: cluster-unavailable", "p1 passed on"}},
        Refusal{"Join",
                action::Join{},
                {"p1 room-join-reject: as it was, answers an entry",
                 "p1 ack 7: cluster-unavailable", "p1 passed on"}},
        Refusal{
            "Leave",
            action::Leave{},
            {"p1 is as it was, answers a leave", "p1 ack 7: cluster-unavailable", "p1 passed on"}},
        Refusal{"AnswerJoin",
                action::AnswerJoin{peer(kThere, 3), signaling::Answer::kAccept},
                {"p1 ack 7: cluster-unavailable", "p1 passed on"}},
        Refusal{"Kick",
                action::Kick{peer(kThere, 3)},
                {"p1 ack 7: cluster-unavailable", "p1 passed on"}},
        Refusal{"Update", action::Update{}, {"p1 ack 7: cluster-unavailable", "p1 passed on"}},
        Refusal{"Describe", action::Describe{}, {"p1 ack 7: cluster-unavailable", "p1 passed on"}},
        Refusal{"Broadcast",
                action::Broadcast{"[]"},
                {"p1 ack 7: cluster-unavailable", "p1 passed on"}}),
    [](const auto& about) { return about.param.name; });

TEST_F(SharedRoomsTest, WhatNobodyWaitsForWaitsForever) {
  open({ada_, bob_, eve_});
  rooms_.pause();
  ask(ada_, action::ChangePeerinfo{"1"});
  ask(bob_, action::Leave{.has_gone = true});
  rooms_.remove_node("north", kThere, now_);
  pass(24h);
  EXPECT_THAT(told_, IsEmpty());
  rooms_.resume(now_);
  EXPECT_EQ(last().deadline, base::TimePoint::max());
  done();
  EXPECT_EQ(stored_room().peers(), std::vector{ada_});
  EXPECT_EQ(stored_room().members()[0].peerinfo, "1");
}

TEST_F(SharedRoomsTest, RefusesARelayThatHasWaitedTooLong) {
  rooms_.pause();
  auto waiting = relay(ada_, bob_);
  waiting.ack = 7;
  ask(waiting);
  pass(kPatience);
  EXPECT_THAT(told_, ElementsAre("p1 ack 7: cluster-unavailable", "p1 passed on"));
}

// Node watches over its acknowledgement.
TEST_F(SharedRoomsTest, GivesUpARelayToAnotherNodeInSilence) {
  rooms_.pause();
  auto waiting = relay(ada_, eve_);
  waiting.ack = 7;
  ask(waiting);
  pass(kPatience);
  EXPECT_THAT(told_, ElementsAre("p1 passed on"));
  rooms_.resume(now_);
  EXPECT_THAT(commits_, IsEmpty());
}

TEST_F(SharedRoomsTest, RefusesWhatIsUnderWayAndDropsItWhereItCameToNothing) {
  ask(ada_, action::Create{}, 7);
  pass(kPatience);
  EXPECT_THAT(told_, ElementsAre("p1 room-create-reject: as it was, answers an entry",
                                 "p1 ack 7: cluster-unavailable"));
  answer(Kind::kLater);
  pass(1h);
  EXPECT_EQ(commits_.size(), 1U);
  EXPECT_TRUE(rooms_.is_idle());
  EXPECT_EQ(told_.size(), 2U);
}

TEST_F(SharedRoomsTest, DropsWhatWasRefusedBeforeAnotherNodeTurnsOutToHaveBeenFaster) {
  ask(ada_, action::Create{});
  ask(bob_, action::Describe{}, 8);
  pass(kPatience / 2);
  ask(bob_, action::Create{}, 9);
  pass(kPatience / 2);
  conflict(Room(eve_, ""), "1-2-3");
  EXPECT_THAT(delivered(kHere), ElementsAre("p2 room-create-reject: outside, answers an entry",
                                            "p2 ack 9: room-taken"));
}

TEST_F(SharedRoomsTest, WhoWasRefusedAndEnteredAfterAllLeavesAgain) {
  for (const signaling::RoomAction& entry :
       {signaling::RoomAction(action::Create{}), signaling::RoomAction(action::Join{})}) {
    stored_ = {};
    ask(ada_, entry);
    if (std::holds_alternative<action::Join>(entry)) conflict(Room(bob_, ""), "1-2-3");
    pass(kPatience);
    done();
    EXPECT_FALSE(rooms_.is_idle());
    done();
    const auto room = room_of(stored_.fields);
    EXPECT_TRUE(rooms_.is_idle());
    if (!room) continue;
    EXPECT_EQ(room->peers(), std::vector{bob_});
    EXPECT_THAT(room->requests(), IsEmpty());
  }
}

TEST_F(SharedRoomsTest, ASuccessorIsToldByTheCommitThatTakesThePeerOut) {
  open({ada_, eve_});
  const PeerId newcomer = peer(kElsewhere, 9);
  ask(ada_, action::Leave{.has_gone = true, .successor = newcomer});
  EXPECT_THAT(delivered(kElsewhere), ElementsAre("p9 replaces p1"));
  EXPECT_THAT(delivered(kThere), Contains(StartsWith("p3 room-user-leave")));
}

TEST_F(SharedRoomsTest, WhoWasRefusedLeavesBeforeAnythingElseHappens) {
  ask(ada_, action::Create{});
  pass(kPatience);
  ask(bob_, action::Create{}, 8);
  done();
  EXPECT_THAT(delivered(kHere),
              ElementsAre("p1 is outside", "p2 room-create-accept: inside, answers an entry",
                          "p2 ack 8: ok"));
  done();
  EXPECT_EQ(stored_room().peers(), std::vector{bob_});
}

TEST_F(SharedRoomsTest, NothingOfTheRoomIsForOneWhoWasRefusedBeforeItIsOutAgain) {
  ask(ada_, action::Create{});
  const std::uint64_t entry = last().serial;
  pass(kPatience);
  EXPECT_FALSE(is_shut_out(ada_));  // what comes by was said before
  refusals_.hear_of_commit(entry);
  EXPECT_TRUE(is_shut_out(ada_));
  EXPECT_FALSE(is_shut_out(bob_));
  EXPECT_FALSE(refusals_.is_shut_out("south", ada_));
  done();
  refusals_.hear_of_gone(entry, "north", ada_);  // of an earlier time
  EXPECT_TRUE(is_shut_out(ada_));
  refusals_.hear_of_gone(last().serial, "north", ada_);
  EXPECT_FALSE(is_shut_out(ada_));
}

TEST_F(SharedRoomsTest, NobodyIsShutOutByWhatHasNotHappened) {
  ask(ada_, action::Create{});
  const std::uint64_t entry = last().serial;
  pass(kPatience);
  conflict(Room(eve_, ""), "1-2-3");
  refusals_.hear_of_commit(entry);
  EXPECT_FALSE(is_shut_out(ada_));
}

// Who is inside already, and asks once more, has not come in by that.
TEST_F(SharedRoomsTest, AMemberThatIsRefusedStaysAMember) {
  open({ada_, eve_});
  ask(ada_, action::Join{}, 7);
  pass(kPatience);
  refusals_.hear_of_commit(last().serial);
  EXPECT_FALSE(is_shut_out(ada_));
  done();
  EXPECT_TRUE(rooms_.is_idle());
  EXPECT_THAT(stored_room().peers(), Contains(ada_));
}

TEST_F(SharedRoomsTest, WhatElseWasAskedInTheSameGoIsRefusedWithTheEntry) {
  ask(ada_, action::Describe{});
  pass(kPatience / 2);
  ask(ada_, action::Create{}, 7);
  ask(ada_, action::Describe{}, 8);
  answer(Kind::kDone);
  pass(kPatience / 4);
  ask(ada_, action::Describe{}, 9);
  told_.clear();
  pass(kPatience - kPatience / 4);
  EXPECT_THAT(told_, ElementsAre("p1 room-create-reject: as it was, answers an entry",
                                 "p1 ack 7: cluster-unavailable", "p1 ack 8: cluster-unavailable"));
}

// --- relays that follow requests

TEST_F(SharedRoomsTest, ARelayFollowsWhatItsSenderAskedBefore) {
  open({ada_, bob_});
  ask(eve_, action::Join{});
  done();
  RoomRequest accept = request(ada_, action::AnswerJoin{eve_, signaling::Answer::kAccept});
  accept.wants_passed_on = true;
  ask(std::move(accept));
  ask(relay(ada_, eve_));
  EXPECT_THAT(delivered(kThere), ElementsAre("p3 room-join-accept: inside"));
  EXPECT_THAT(delivered(kHere), ElementsAre("p1 p2 room-user-join: inside", "p1 passed on"));
  done();
  EXPECT_THAT(delivered(kThere), ElementsAre("p3 relay message of p1"));
  EXPECT_THAT(delivered(kHere), ElementsAre("p1 passed on"));
}

TEST_F(SharedRoomsTest, ARelayStaysBehindARequestInTheSameCommit) {
  open({ada_, eve_});
  ask(bob_, action::Describe{});
  RoomRequest broadcast = request(ada_, action::Broadcast{"[\"message\",{}]"});
  broadcast.wants_passed_on = true;
  ask(std::move(broadcast));
  ask(relay(ada_, eve_, "ice-candidate"));
  ask(relay(ada_, eve_, "session-description"));
  done();
  EXPECT_THAT(delivered(kThere), ElementsAre("p3 message: inside", "p3 relay ice-candidate of p1",
                                             "p3 relay session-description of p1"));
  EXPECT_THAT(delivered(kHere), ElementsAre("p1 passed on", "p1 passed on", "p1 passed on"));
}

// --- nodes that have gone

TEST_F(SharedRoomsTest, TakesOutThePeersOfANodeThatHasGone) {
  open({eve_, peer(kThere, 4), ada_, bob_});
  rooms_.remove_node("north", kThere, now_);
  EXPECT_THAT(delivered(kHere),
              ElementsAre("p1 p2 room-user-leave: inside", "p1 p2 room-user-leave: inside",
                          "p1 p2 room-owner-change: inside"));
  EXPECT_THAT(delivered(kThere), IsEmpty());
  EXPECT_THAT(last().left, ElementsAre(kThere));
  done();
  EXPECT_EQ(stored_room().owners(), std::vector{ada_});
}

TEST_F(SharedRoomsTest, ANodeThatLivesAgainKeepsItsPeers) {
  open({ada_, eve_});
  rooms_.remove_node("north", kThere, now_);
  EXPECT_THAT(last().gone, ElementsAre(kThere));
  ask(ada_, action::Describe{}, 7);
  answer(Kind::kLives);
  EXPECT_THAT(last().gone, IsEmpty());
  EXPECT_THAT(delivered(kHere), ElementsAre(StartsWith("p1 ack 7: ok")));
  done();
  EXPECT_EQ(stored_room().peers(), (std::vector{ada_, eve_}));
}

TEST_F(SharedRoomsTest, OfTwoNodesThatHaveGoneOneMayLiveAgain) {
  open({ada_, eve_, peer(kElsewhere, 5)});
  rooms_.remove_node("north", kThere, now_);
  rooms_.remove_node("north", kElsewhere, now_);
  answer(Kind::kLives);
  EXPECT_EQ(commits_.size(), 1U);
  rooms_.remove_node("north", kElsewhere, now_);
  done();
  EXPECT_EQ(stored_room().peers(), (std::vector{ada_, eve_}));
}

// One that comes anew takes its own peers of before out, dead or not.
TEST_F(SharedRoomsTest, ItsOwnPeersANodeTakesOutInAnyCase) {
  open({eve_, ada_});
  rooms_.remove_node("north", kHere, now_);
  EXPECT_THAT(last().gone, IsEmpty());
  done();
  EXPECT_EQ(stored_room().peers(), std::vector{eve_});
}

TEST_F(SharedRoomsTest, ANodeIsOutOfARoomWhereNoneOfItsPeersWasToo) {
  open({ada_});
  rooms_.remove_node("north", kThere, now_);
  EXPECT_EQ(last().new_version, last().version);
  EXPECT_THAT(last().left, ElementsAre(kThere));
}

// --- what other nodes change

TEST_F(SharedRoomsTest, LooksAtARoomThatAnotherNodeHasChanged) {
  open({ada_});
  rooms_.hear_of_change(news("north"), now_);
  ASSERT_EQ(commits_.size(), 1U);
  EXPECT_EQ(last().new_version, last().version);
  EXPECT_THAT(last().deliveries, IsEmpty());
  Room changed(ada_, "");
  changed.admit(eve_, "");
  conflict(changed, "4-2-1");
  EXPECT_EQ(commits_.size(), 1U);
  ask(ada_, action::Describe{});
  EXPECT_EQ(last().version, "4-2-1");
}

TEST_F(SharedRoomsTest, ForgetsARoomFromWhichAnotherNodeHasTakenItsPeers) {
  open({ada_, eve_});
  rooms_.hear_of_change(news("north"), now_);
  conflict(Room(eve_, ""), "4-2-1");
  EXPECT_EQ(rooms_.size(), 0U);
}

TEST_F(SharedRoomsTest, DoesNotLookAtRoomsThatItDoesNotKnow) {
  rooms_.hear_of_change(news("north"), now_);
  EXPECT_THAT(commits_, IsEmpty());
  EXPECT_EQ(rooms_.size(), 0U);
}

// --- the time of join requests

TEST_F(SharedRoomsTest, EndsTheRequestsOfItsCandidatesWhenTheirTimeIsOver) {
  open({eve_, ada_});
  ask(bob_, action::Join{});
  done();
  pass(kJoinTime - 1ms);
  EXPECT_EQ(commits_.size(), 1U);
  pass(1ms);
  ASSERT_EQ(commits_.size(), 2U);
  EXPECT_THAT(delivered(kHere), ElementsAre("p2 room-join-reject: outside"));
  EXPECT_THAT(delivered(kThere), ElementsAre("p3 room-join-cancel: inside"));
  done();
  pass(kJoinTime);
  EXPECT_EQ(commits_.size(), 2U);
}

TEST_F(SharedRoomsTest, LeavesTheTimeOfOtherNodesCandidatesToThem) {
  open({ada_});
  ask(eve_, action::Join{});
  done();
  pass(2 * kJoinTime);
  EXPECT_EQ(commits_.size(), 1U);
}

TEST_F(SharedRoomsTest, WhoAsksAgainHasNoMoreTime) {
  open({ada_});
  ask(bob_, action::Join{});
  done();
  pass(kJoinTime / 2);
  ask(bob_, action::Join{});
  done();
  pass(kJoinTime / 2);
  EXPECT_EQ(commits_.size(), 3U);
}

TEST_F(SharedRoomsTest, WhoWasAnsweredHasAllTheTimeForTheNextRequest) {
  open({ada_});
  ask(bob_, action::Join{});
  done();
  ask(ada_, action::AnswerJoin{bob_, signaling::Answer::kReject});
  done();
  pass(kJoinTime / 2);
  ask(bob_, action::Join{});
  done();
  pass(kJoinTime / 2);
  EXPECT_EQ(commits_.size(), 3U);
  pass(kJoinTime / 2);
  EXPECT_EQ(commits_.size(), 4U);
}

TEST_F(SharedRoomsTest, ATimeThatEndsWhileAnotherNodeLetsThemInEndsNothing) {
  open({eve_, ada_});
  ask(bob_, action::Join{});
  done();
  pass(kJoinTime);
  Room changed(eve_, "");
  changed.admit(ada_, "");
  changed.admit(bob_, "");
  conflict(changed, "9-2-1");
  EXPECT_THAT(last().deliveries, IsEmpty());
  EXPECT_EQ(last().new_version, last().version);
}

// --- a store that has lost everything

TEST_F(SharedRoomsTest, WritesAnewWhatItKnowsWhereTheStoreHasLostIt) {
  open({ada_, eve_});
  rooms_.pause();
  rooms_.restore();
  ASSERT_EQ(commits_.size(), 1U);
  EXPECT_TRUE(last().restores);
  EXPECT_EQ(last().version, "3-9-9");
  EXPECT_EQ(last().new_version, "3-9-9");
  EXPECT_THAT(last().joined, ElementsAre(kHere, kThere));
  EXPECT_THAT(delivered(kThere), ElementsAre("is outside"));
  EXPECT_THAT(delivered(kHere), IsEmpty());
  EXPECT_EQ(last().deadline, base::TimePoint::max());
  RoomFields fields;
  for (const auto& [name, value] : last().change.set) fields[name] = value;
  EXPECT_EQ(fields, stored_.fields);
}

TEST_F(SharedRoomsTest, WritesNothingOfRoomsThatItDoesNotKnow) {
  rooms_.pause();
  ask(ada_, action::Create{});
  rooms_.restore();
  EXPECT_THAT(commits_, IsEmpty());
}

TEST_F(SharedRoomsTest, LeavesARoomThatIsAnotherOneByNowToThoseWhoKnowIt) {
  open({eve_, ada_, bob_});
  rooms_.hear_of_change(news("north"), now_);
  commits_.clear();
  rooms_.pause();
  rooms_.restore();
  EXPECT_THAT(commits_, IsEmpty());
  rooms_.resume(now_);
  Room newer(eve_, "");
  newer.admit(bob_, "");
  find_restored(newer, "4-2-1");
  EXPECT_THAT(node_.disconnected, ElementsAre(ada_));
}

TEST_F(SharedRoomsTest, WhoWasToldBeforeTheLossThatItWasTakenOutStaysConnected) {
  open({eve_, ada_, bob_});
  rooms_.hear_of_change(news("north", {ada_}, signaling::Membership::kNone), now_);
  lose_store();
  Room newer(eve_, "");
  newer.admit(bob_, "");
  find_restored(newer, "4-2-1");
  EXPECT_THAT(node_.disconnected, IsEmpty());
}

TEST_F(SharedRoomsTest, PeersThatWereToldOfWhatTheStoreLostAreSentAway) {
  open({eve_, ada_});
  rooms_.hear_of_change(news("north", {ada_}), now_);
  lose_store();
  Room older(eve_, "");
  older.admit(ada_, "");
  find_restored(older, "3-9-9");
  EXPECT_THAT(node_.disconnected, ElementsAre(ada_));
}

TEST_F(SharedRoomsTest, LeavesRoomsToThoseWhoHavePeersInThem) {
  ask(ada_, action::Describe{});
  conflict(Room(eve_, ""), "7-2-1");
  commits_.clear();
  rooms_.pause();
  rooms_.restore();
  EXPECT_THAT(commits_, IsEmpty());
}

TEST_F(SharedRoomsTest, GoesOnFromWhatTheStoreHoldsInPlaceOfThat) {
  open({ada_});
  Room newer(eve_, "");
  newer.admit(ada_, "");
  rooms_.replace("north", {"8-2-1", fields_of(newer)});
  ask(ada_, action::Leave{});
  EXPECT_EQ(last().version, "8-2-1");
  EXPECT_THAT(delivered(kThere), ElementsAre("p3 room-user-leave: inside"));
}

TEST_F(SharedRoomsTest, SendsPeersAwayThatHaveAnotherPlaceThereThanTheyWereTold) {
  open({eve_, ada_, bob_});
  Room newer(eve_, "");
  newer.admit(bob_, "");
  rooms_.replace("north", {"8-2-1", fields_of(newer)});
  EXPECT_THAT(node_.disconnected, ElementsAre(ada_));
}

TEST_F(SharedRoomsTest, TakesOutPeersOfItsOwnOfWhichItKnowsNothing) {
  Room old(eve_, "");
  old.admit(ada_, "");
  rooms_.hear_of_restored("north", now_);
  conflict(old, "7-2-1");
  EXPECT_THAT(last().left, ElementsAre(kHere));
  EXPECT_THAT(delivered(kThere), ElementsAre("p3 room-user-leave: inside"));
  done();
  EXPECT_EQ(rooms_.size(), 0U);
}

TEST_F(SharedRoomsTest, ARestoredRoomInWhichItHasNobodyIsNoneOfItsOwn) {
  rooms_.hear_of_restored("north", now_);
  ASSERT_EQ(commits_.size(), 1U);
  conflict(Room(eve_, ""), "7-2-1");
  EXPECT_EQ(commits_.size(), 1U);
  EXPECT_EQ(rooms_.size(), 0U);
}

TEST_F(SharedRoomsTest, ForgetsEverything) {
  open({ada_});
  ask(bob_, action::Join{});
  rooms_.clear();
  EXPECT_EQ(rooms_.size(), 0U);
  EXPECT_TRUE(rooms_.is_idle());
  EXPECT_EQ(rooms_.deadline(), base::TimePoint::max());
  answer(Kind::kDone);
  pass(1h);
  EXPECT_THAT(told_, IsEmpty());
}

}  // namespace
}  // namespace heliograph::cluster
