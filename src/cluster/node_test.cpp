// Long because all tests share the stubs of the store and of the workers.
#include "cluster/node.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cluster/testing/message_lines.hpp"
#include "signaling/event.hpp"

namespace heliograph::cluster {
namespace {

using namespace std::chrono_literals;
using signaling::Acknowledgement;
using signaling::Address;
using signaling::PeerId;
using signaling::RemoteRelay;
using signaling::RoomRequest;
using signaling::RoomUpdate;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::line_of;
using testing::lines_of;
using testing::lines_to;
using testing::peer;
using testing::relay;
using testing::request;
namespace action = signaling::room_action;

using testing::kElsewhere;
using testing::kHere;
using testing::kThere;
constexpr base::Duration kPatience = 1s;
constexpr Address kRooms{kHere, signaling::kClusterWorker};

class StoreStub final : public Store {
 public:
  void commit(const Commit& commit) override {
    commits.push_back(commit);
    asked.push_back(commit.serial);
  }
  void send(const Send& send) override {
    sends.push_back(send);
    asked.push_back(send.serial);
  }
  std::uint64_t changes() const override { return 0; }
  std::vector<Commit> commits;
  std::vector<Send> sends;
  std::vector<std::uint64_t> asked;  // the serials of both
  void forget() { *this = {}; }
};

class WorkersStub final : public Workers {
 public:
  std::uint16_t count() const override { return 5; }
  void post(std::uint16_t worker, signaling::WorkerMessage message) override {
    lines.push_back(std::to_string(worker) + ": " + line_of(message));
  }
  void disconnect_all() override { lines.emplace_back("all disconnect"); }
  void disconnect_peer(const PeerId& peer) override {
    lines.push_back("p" + std::to_string(peer.slot) + " disconnects");
  }
  void serve_until(base::TimePoint) override {}
  std::vector<std::string> take() { return std::exchange(lines, {}); }
  std::vector<std::string> lines;
};

class NodeTest : public ::testing::Test {
 protected:
  NodeTest() { node_.join(0xE, false, now_); }

  void post(const RemoteRelay& relay) { node_.post(relay.to.home, relay, now_); }
  void post(RoomRequest request) { node_.post(kRooms, std::move(request), now_); }
  void post_awaited(const PeerId& to, std::uint64_t ack) {
    RemoteRelay asked = relay(ada_, to);
    asked.ack = ack;
    post(asked);
  }

  // What comes in from another node.
  bool deliver(const BatchOrigin& origin, const signaling::WorkerMessage& message,
               std::uint16_t worker = 0) {
    std::string batch;
    begin_batch(batch, origin);
    append_message(batch, worker, message);
    return node_.on_batch(batch, now_);
  }
  bool deliver(std::uint64_t serial, const signaling::WorkerMessage& message) {
    return deliver({.node = kThere, .epoch = 1, .serial = serial}, message);
  }
  Acknowledgement ok(std::uint64_t id) { return {ada_, id, signaling::ok_arguments()}; }

  void pass(base::Duration duration) {
    now_ += duration;
    node_.elapse(now_);
  }
  void done(const Commit& commit) {
    node_.on_committed(commit.serial, {CommitAnswer::Kind::kDone, {}}, now_);
  }

  base::TimePoint now_{};
  StoreStub store_;
  WorkersStub workers_;
  Node node_{{.id = kHere, .patience = kPatience, .max_unsent_bytes = 1000}, store_, workers_};
  const PeerId ada_ = peer(kHere, 1, 4);
  const PeerId bob_ = peer(kThere, 2);
  const PeerId cat_ = peer(kElsewhere, 3);
};

// --- out

TEST_F(NodeTest, SendsWhatItHasGatheredInOneBatchANode) {
  post(relay(ada_, bob_, "first"));
  post(relay(ada_, cat_));
  post(relay(ada_, bob_, "second"));
  EXPECT_TRUE(node_.has_gathered());
  EXPECT_THAT(store_.sends, IsEmpty());
  node_.flush();
  EXPECT_FALSE(node_.has_gathered());
  ASSERT_EQ(store_.sends.size(), 2U);
  EXPECT_EQ(store_.sends[0].delivery.node, kThere);
  EXPECT_THAT(lines_of(store_.sends[0].delivery.batch),
              ElementsAre("p2 relay first of p1", "p2 relay second of p1"));
  EXPECT_EQ(store_.sends[1].delivery.node, kElsewhere);
  const auto batch = read_batch(store_.sends[0].delivery.batch);
  EXPECT_EQ(batch->origin.node, kHere);
  EXPECT_EQ(batch->origin.epoch, 0xEU);
  EXPECT_EQ(batch->origin.serial, store_.sends[0].serial);
  node_.flush();
  EXPECT_EQ(store_.sends.size(), 2U);
}

TEST_F(NodeTest, DoesNotGatherWithoutEnd) {
  RemoteRelay large = relay(ada_, bob_);
  large.event = std::string(40'000, 'x');
  post(large);
  EXPECT_THAT(store_.sends, IsEmpty());
  post(large);
  EXPECT_EQ(store_.sends.size(), 1U);
}

TEST_F(NodeTest, KeepsRelaysBeforeWhatIsAskedOfRoomsAfterThem) {
  post(relay(ada_, bob_, "before"));
  post(request(ada_, action::Create{}));
  post(relay(ada_, bob_, "after"));
  node_.flush();
  ASSERT_EQ(store_.commits.size(), 1U);
  ASSERT_EQ(store_.sends.size(), 2U);
  EXPECT_THAT(store_.asked, ElementsAre(store_.sends[0].serial, store_.commits[0].serial,
                                        store_.sends[1].serial));
  EXPECT_LT(store_.sends[0].serial, store_.commits[0].serial);
  EXPECT_LT(store_.commits[0].serial, store_.sends[1].serial);
}

TEST_F(NodeTest, IsIdleWhenAllHasBeenAnswered) {
  EXPECT_TRUE(node_.is_idle());
  post(relay(ada_, bob_));
  EXPECT_FALSE(node_.is_idle());
  node_.flush();
  EXPECT_FALSE(node_.is_idle());
  node_.on_sent(store_.sends[0].serial, SendAnswer::kDone);
  EXPECT_TRUE(node_.is_idle());
  post(request(ada_, action::Create{}));
  EXPECT_FALSE(node_.is_idle());
  done(store_.commits[0]);
  EXPECT_TRUE(node_.is_idle());
  EXPECT_EQ(node_.room_count(), 1U);
}

// --- in

TEST_F(NodeTest, HandsOnWhatComesForItsWorkers) {
  RemoteRelay incoming = relay(bob_, ada_);
  EXPECT_TRUE(deliver({.node = kThere, .epoch = 1, .serial = 1}, incoming, 4));
  EXPECT_THAT(workers_.take(), ElementsAre("4: p1 relay message of p2"));
}

TEST_F(NodeTest, AWorkerThatIsThereRefusesARelayToOneThatIsNot) {
  constexpr std::array<std::uint16_t, 4> kNumbers{4, 5, 1000, 0xffff};
  std::uint64_t serial = 0;
  for (const std::uint16_t worker : kNumbers) {
    deliver({.node = kThere, .epoch = 1, .serial = ++serial}, relay(bob_, ada_), worker);
  }
  EXPECT_THAT(workers_.take(),
              ElementsAre("4: p1 relay message of p2", "0: p1 relay message of p2",
                          "0: p1 relay message of p2", "0: p1 relay message of p2"));
}

TEST_F(NodeTest, TakesNoBatchTwice) {
  EXPECT_TRUE(deliver(5, relay(bob_, ada_, "fifth")));
  EXPECT_TRUE(deliver(5, relay(bob_, ada_, "fifth")));
  EXPECT_TRUE(deliver(4, relay(bob_, ada_, "fourth")));
  EXPECT_TRUE(deliver(6, relay(bob_, ada_, "sixth")));
  EXPECT_THAT(workers_.take(), ElementsAre("0: p1 relay fifth of p2", "0: p1 relay sixth of p2"));
}

TEST_F(NodeTest, CountsTheBatchesOfEachNodeForItself) {
  deliver({.node = kThere, .epoch = 1, .serial = 5}, relay(bob_, ada_));
  deliver({.node = kElsewhere, .epoch = 1, .serial = 1}, relay(cat_, ada_));
  EXPECT_EQ(workers_.take().size(), 2U);
}

TEST_F(NodeTest, CountsAnewWhereANodeHasJoinedAnew) {
  deliver({.node = kThere, .epoch = 7, .serial = 5}, relay(bob_, ada_, "old"));
  deliver({.node = kThere, .epoch = 3, .serial = 1}, relay(bob_, ada_, "new"));
  deliver({.node = kThere, .epoch = 3, .serial = 1}, relay(bob_, ada_, "new"));
  EXPECT_THAT(workers_.take(), ElementsAre("0: p1 relay old of p2", "0: p1 relay new of p2"));
}

TEST_F(NodeTest, SaysWhereItCannotReadABatch) {
  EXPECT_FALSE(node_.on_batch("nonsense", now_));
  EXPECT_THAT(workers_.take(), IsEmpty());
}

// --- acknowledgements of relays

TEST_F(NodeTest, HandsAnAcknowledgementOnOnce) {
  post_awaited(bob_, 7);
  node_.flush();
  deliver(1, ok(7));
  deliver(2, ok(7));
  deliver(3, ok(8));
  EXPECT_THAT(workers_.take(), ElementsAre("0: p1 ack 7: ok"));
  pass(1h);
  EXPECT_THAT(workers_.take(), IsEmpty());
}

TEST_F(NodeTest, RefusesWhatIsNotAcknowledgedInTime) {
  post_awaited(bob_, 7);
  pass(kPatience / 2);
  post_awaited(bob_, 8);
  EXPECT_EQ(node_.deadline(), now_ + kPatience / 2);
  pass(kPatience / 2);
  EXPECT_THAT(workers_.take(), ElementsAre("4: p1 ack 7: cluster-unavailable"));
  deliver(1, ok(7));
  EXPECT_THAT(workers_.take(), IsEmpty());
  deliver(2, ok(8));
  EXPECT_THAT(workers_.take(), ElementsAre("0: p1 ack 8: ok"));
}

TEST_F(NodeTest, RefusesARelayToANodeThatIsNoMore) {
  post_awaited(bob_, 7);
  post(relay(ada_, bob_));
  node_.flush();
  node_.on_sent(store_.sends[0].serial, SendAnswer::kGone);
  EXPECT_THAT(workers_.take(), ElementsAre("4: p1 ack 7: peer-not-in-room"));
}

TEST_F(NodeTest, RefusesARelayToANodeThatDoesNotRead) {
  post_awaited(bob_, 7);
  node_.flush();
  node_.on_sent(store_.sends[0].serial, SendAnswer::kFull);
  EXPECT_THAT(workers_.take(), ElementsAre("4: p1 ack 7: cluster-unavailable"));
  deliver(1, ok(7));
  EXPECT_THAT(workers_.take(), IsEmpty());
}

TEST_F(NodeTest, APeerOfANodeThatIsGoneIsReplacedAtOnce) {
  node_.post(bob_.home, signaling::Replace{bob_, ada_}, now_);
  node_.flush();
  EXPECT_THAT(lines_of(store_.sends.at(0).delivery.batch), ElementsAre("p1 is to replace p2"));
  node_.on_sent(store_.sends[0].serial, SendAnswer::kGone);
  EXPECT_THAT(workers_.take(), ElementsAre("4: p1 replaces p2"));
}

TEST_F(NodeTest, WaitsForTheAnswerToARelayThatGoesByTheRoomsHome) {
  RemoteRelay by_home = relay(ada_, bob_);
  by_home.ack = 7;
  by_home.by_home = true;
  node_.post(kRooms, by_home, now_);
  EXPECT_THAT(lines_to(kThere, store_.commits.at(0).deliveries),
              ElementsAre("p2 relay message of p1"));
  deliver(1, ok(7));
  EXPECT_THAT(workers_.take(), ElementsAre("0: p1 ack 7: ok"));
}

TEST_F(NodeTest, HandsItsOwnAcknowledgementsOn) {
  RoomRequest asked = request(ada_, action::Describe{});
  asked.ack = 7;
  post(asked);
  deliver({.node = kHere, .epoch = 0xE, .serial = 1}, ok(7));
  EXPECT_THAT(workers_.take(), ElementsAre("0: p1 ack 7: ok"));
}

// The peer still hears news that other nodes sent before this node's own commit was carried out.
TEST_F(NodeTest, APeerWhoseEntryWasRefusedHearsWhatWasSaidBefore) {
  post(request(ada_, action::Create{}));
  pass(kPatience);
  workers_.take();
  signaling::RoomUpdate news;
  news.to = {ada_};
  news.room = "north";
  news.event = "[\"room-join-reject\"]";
  deliver(1, news);
  EXPECT_THAT(workers_.take(), ElementsAre("0: p1 room-join-reject: outside"));
  signaling::RoomUpdate entry = news;
  entry.event = "[\"room-create-accept\"]";
  entry.membership = signaling::Membership::kMember;
  entry.answers = signaling::Answers::kEntry;
  deliver({.node = kHere, .epoch = 0xE, .serial = store_.commits.at(0).serial, .is_commit = true},
          entry);
  deliver(2, news);
  EXPECT_THAT(workers_.take(), IsEmpty());
}

// --- a store that cannot be asked

TEST_F(NodeTest, AsksAgainWhatWasNotAnsweredInItsOrder) {
  post(relay(ada_, bob_, "first"));
  post(request(ada_, action::Create{}));
  post(relay(ada_, bob_, "second"));
  node_.flush();
  const auto asked = store_.asked;
  const std::string batch = store_.sends[1].delivery.batch;
  node_.on_sent(store_.sends[0].serial, SendAnswer::kDone);
  node_.lose_store();
  store_.forget();
  node_.join(0xE, false, now_);
  EXPECT_THAT(store_.asked, ElementsAre(asked[1], asked[2]));
  EXPECT_EQ(store_.sends.at(0).delivery.batch, batch);
}

TEST_F(NodeTest, NoAnswerLeavesItToBeAskedAgain) {
  post(relay(ada_, bob_));
  post(request(ada_, action::Create{}));
  node_.on_sent(store_.sends[0].serial, SendAnswer::kUnknown);
  node_.on_committed(store_.commits[0].serial, {}, now_);
  node_.lose_store();
  const auto asked = std::exchange(store_.asked, {});
  node_.join(0xE, false, now_);
  EXPECT_EQ(store_.asked, asked);
}

// Redis may refuse one command, for example for lack of memory, and carry out those behind it. What
// was refused would come too late if it was sent again.
TEST_F(NodeTest, RefusesRelaysThatOthersHaveOvertaken) {
  post_awaited(bob_, 7);
  RemoteRelay unacknowledged = relay(ada_, bob_);
  unacknowledged.refused_as = "relay-message";
  post(unacknowledged);
  post(request(ada_, action::Create{}));
  node_.on_sent(store_.sends[0].serial, SendAnswer::kRefused);
  EXPECT_THAT(workers_.take(), ElementsAre("4: p1 ack 7: cluster-unavailable",
                                           "4: p1 request-error: cluster-unavailable"));
  node_.lose_store();
  store_.forget();
  node_.join(0xE, false, now_);
  EXPECT_THAT(store_.sends, IsEmpty());
  EXPECT_EQ(store_.commits.size(), 1U);
}

TEST_F(NodeTest, SendsAnswersAgainThatWereRefused) {
  post(relay(ada_, bob_));
  node_.post(bob_.home, signaling::Replace{bob_, ada_}, now_);
  node_.post(bob_.home, Acknowledgement{bob_, 3, signaling::ok_arguments()}, now_);
  post(request(ada_, action::Create{}));
  node_.on_sent(store_.sends[0].serial, SendAnswer::kRefused);
  node_.lose_store();
  store_.forget();
  node_.join(0xE, false, now_);
  ASSERT_EQ(store_.sends.size(), 1U);
  EXPECT_THAT(lines_of(store_.sends[0].delivery.batch),
              ElementsAre("p1 is to replace p2", "p2 ack 3: ok"));
}

TEST_F(NodeTest, AsksAgainWhatWasRefusedIfNothingHasOvertakenIt) {
  post_awaited(bob_, 7);
  node_.flush();
  const auto asked = store_.asked;
  node_.on_sent(asked.back(), SendAnswer::kRefused);
  EXPECT_THAT(workers_.take(), IsEmpty());
  node_.lose_store();
  store_.forget();
  node_.join(0xE, false, now_);
  EXPECT_EQ(store_.asked, asked);
}

TEST_F(NodeTest, KeepsWhatIsSaidMeanwhile) {
  node_.lose_store();
  post(relay(ada_, bob_));
  node_.flush();
  post(request(ada_, action::Create{}));
  EXPECT_THAT(store_.asked, IsEmpty());
  node_.join(0xE, false, now_);
  EXPECT_EQ(store_.sends.size(), 1U);
  EXPECT_EQ(store_.commits.size(), 1U);
  EXPECT_LT(store_.asked[0], store_.asked[1]);
}

TEST_F(NodeTest, KeepsNoMoreThanItMay) {
  node_.lose_store();
  RemoteRelay large = relay(ada_, bob_);
  large.event = std::string(2000, 'x');
  post(large);
  node_.flush();
  post_awaited(bob_, 7);
  EXPECT_THAT(workers_.take(), ElementsAre("4: p1 ack 7: cluster-unavailable"));
  post(relay(ada_, bob_));
  EXPECT_FALSE(node_.has_gathered());
  node_.join(0xE, false, now_);
  ASSERT_EQ(store_.sends.size(), 1U);
  node_.on_sent(store_.sends[0].serial, SendAnswer::kDone);
  post(relay(ada_, bob_));
  EXPECT_TRUE(node_.has_gathered());
}

// --- a place that is lost

TEST_F(NodeTest, ForgetsEverythingWithItsPlace) {
  post_awaited(bob_, 7);
  node_.flush();
  post(request(ada_, action::Create{}));
  node_.lose_place();
  EXPECT_THAT(workers_.take(), ElementsAre("all disconnect"));
  EXPECT_TRUE(node_.is_idle());
  EXPECT_EQ(node_.room_count(), 0U);
  const std::uint64_t last = store_.asked.back();
  store_.forget();
  node_.join(0xF, false, now_);
  EXPECT_THAT(store_.asked, IsEmpty());
  pass(1h);
  EXPECT_THAT(workers_.take(), IsEmpty());
  post(relay(ada_, bob_));
  node_.flush();
  ASSERT_EQ(store_.sends.size(), 1U);
  EXPECT_GT(store_.sends[0].serial, last);  // an answer to what was asked before is none to this
  EXPECT_EQ(read_batch(store_.sends[0].delivery.batch)->origin.epoch, 0xFU);
}

TEST_F(NodeTest, AsksAgainForWhatTheStoreRefusedBecauseItDoesNotKnowTheNode) {
  post(relay(ada_, bob_));
  node_.flush();
  node_.on_sent(store_.sends[0].serial, SendAnswer::kFenced);
  post(request(ada_, action::Create{}));
  node_.on_committed(store_.commits[0].serial, {CommitAnswer::Kind::kFenced, {}}, now_);
  node_.lose_store();
  store_.forget();
  node_.join(0xE, false, now_);
  EXPECT_EQ(store_.sends.size(), 1U);
  EXPECT_EQ(store_.commits.size(), 1U);
  EXPECT_THAT(workers_.take(), IsEmpty());
}

TEST_F(NodeTest, MindsNoAnswersThatItDoesNotWaitFor) {
  node_.on_sent(99, SendAnswer::kGone);
  node_.on_sent(99, SendAnswer::kFenced);
  node_.on_committed(99, {CommitAnswer::Kind::kFenced, {}}, now_);
  EXPECT_THAT(workers_.take(), IsEmpty());
}

// --- a store that has lost everything

class LostStoreTest : public NodeTest {
 protected:
  // The node is in a room that the store knows.
  LostStoreTest() {
    post(request(ada_, action::Create{}));
    done(store_.commits[0]);
    store_.forget();
  }
  void lose() {
    node_.lose_store();
    store_.forget();
    node_.join(0xE, true, now_);
  }
};

TEST_F(LostStoreTest, WritesItsRoomsBeforeAnythingElse) {
  post(relay(ada_, bob_));
  post(request(ada_, action::Describe{}));
  const auto asked = store_.asked;
  lose();
  ASSERT_EQ(store_.commits.size(), 2U);
  EXPECT_TRUE(store_.commits[0].restores);
  EXPECT_EQ(store_.commits[0].room, "north");
  EXPECT_THAT(store_.asked, ElementsAre(store_.commits[0].serial, asked[0], asked[1]));
}

TEST_F(LostStoreTest, IsRestoringUntilItsRoomsAreWritten) {
  EXPECT_FALSE(node_.is_restoring());
  lose();
  EXPECT_TRUE(node_.is_restoring());
  done(store_.commits[0]);
  EXPECT_FALSE(node_.is_restoring());
}

TEST_F(LostStoreTest, WritesThemAgainWhereThatWasNotAnswered) {
  lose();
  const std::uint64_t restore = store_.commits.at(0).serial;
  node_.lose_store();
  store_.forget();
  node_.join(0xE, false, now_);
  EXPECT_THAT(store_.asked, ElementsAre(restore));
  done(store_.commits[0]);
  EXPECT_TRUE(node_.is_idle());
}

TEST_F(LostStoreTest, WritesNothingTwiceWhereTheStoreIsLostAgain) {
  lose();
  lose();
  ASSERT_EQ(store_.commits.size(), 1U);
  done(store_.commits[0]);
  EXPECT_TRUE(node_.is_idle());
  node_.lose_store();
  store_.forget();
  node_.join(0xE, false, now_);
  EXPECT_THAT(store_.asked, IsEmpty());
}

TEST_F(LostStoreTest, GoesOnFromWhatAnotherNodeHasWritten) {
  lose();
  signaling::Room newer(bob_, "");
  newer.admit(ada_, "");
  node_.on_committed(store_.commits.at(0).serial,
                     {CommitAnswer::Kind::kConflict, {"9-2-1", fields_of(newer)}}, now_);
  EXPECT_TRUE(node_.is_idle());
  post(request(ada_, action::Leave{}));
  EXPECT_EQ(store_.commits.back().version, "9-2-1");
}

// What arrives out of order is taken for what has come before, and is lost.
TEST_F(LostStoreTest, KeepsTheOrderOfWhatWasGatheredMeanwhile) {
  node_.lose_store();
  store_.forget();
  post(relay(ada_, bob_, "first"));
  node_.flush();
  post(relay(ada_, bob_, "second"));
  node_.join(0xE, true, now_);
  node_.flush();
  ASSERT_EQ(store_.sends.size(), 2U);
  EXPECT_THAT(lines_of(store_.sends[0].delivery.batch), ElementsAre("p2 relay first of p1"));
  EXPECT_THAT(lines_of(store_.sends[1].delivery.batch), ElementsAre("p2 relay second of p1"));
  EXPECT_LT(store_.sends[0].serial, store_.sends[1].serial);
}

// --- rooms

TEST_F(NodeTest, LooksAgainAtRoomsOfWhichOthersTell) {
  post(request(ada_, action::Create{}));
  done(store_.commits[0]);
  store_.forget();
  RoomUpdate update;
  update.to = {ada_};
  update.room = "north";
  deliver({.node = kHere, .epoch = 0xE, .serial = 2}, update);
  EXPECT_THAT(store_.commits, IsEmpty());
  deliver(1, update);
  ASSERT_EQ(store_.commits.size(), 1U);
  EXPECT_THAT(store_.commits[0].deliveries, IsEmpty());
  EXPECT_EQ(store_.commits[0].new_version, store_.commits[0].version);
}

TEST_F(NodeTest, TakesAnotherNodeOutOfARoom) {
  node_.remove_node("north", kThere, now_);
  ASSERT_EQ(store_.commits.size(), 1U);
  EXPECT_THAT(store_.commits[0].left, ElementsAre(kThere));
}

TEST_F(NodeTest, CommitsNoMoreWhileMuchWaitsForTheStore) {
  const auto create = [&](const std::string& room, std::size_t bytes) {
    RoomRequest asked = request(ada_, action::Create{});
    asked.room = room;
    asked.payload = '"' + std::string(bytes, 'x') + '"';
    post(asked);
  };
  create("north", 2000);  // comes back with the answer
  for (const char* room : {"south", "east", "west"}) create(room, 800);
  ASSERT_EQ(store_.commits.size(), 1U);
  EXPECT_FALSE(node_.is_idle());
  done(store_.commits[0]);
  ASSERT_EQ(store_.commits.size(), 3U);  // as many as there is room for
  EXPECT_EQ(store_.commits[1].room, "south");
  EXPECT_EQ(store_.commits[2].room, "east");
  done(store_.commits[1]);
  ASSERT_EQ(store_.commits.size(), 4U);
  EXPECT_EQ(store_.commits[3].room, "west");
  done(store_.commits[2]);
  done(store_.commits[3]);
  EXPECT_TRUE(node_.is_idle());
}

TEST_F(NodeTest, WhoLosesItsPlaceHasNothingWaitingAnyMore) {
  RoomRequest large = request(ada_, action::Create{});
  large.payload = '"' + std::string(2000, 'x') + '"';
  post(large);
  node_.lose_place();
  store_.forget();
  node_.join(0xF, false, now_);
  RoomRequest small = request(ada_, action::Create{});
  small.room = "south";
  post(small);
  EXPECT_EQ(store_.commits.size(), 1U);
}

TEST_F(NodeTest, RefusesRequestsThatHaveWaitedTooLong) {
  node_.lose_store();
  RoomRequest asked = request(ada_, action::Create{});
  asked.ack = 7;
  post(asked);
  EXPECT_EQ(node_.deadline(), now_ + kPatience);
  pass(kPatience);
  EXPECT_THAT(workers_.take(), ElementsAre("4: p1 room-create-reject: as it was, answers an entry",
                                           "4: p1 ack 7: cluster-unavailable"));
  EXPECT_EQ(node_.deadline(), base::TimePoint::max());
}

}  // namespace
}  // namespace heliograph::cluster
