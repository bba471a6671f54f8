// Long because all tests share the clients of one Redis, from which they read back.
#include "cluster_redis/redis_store.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hiredis/hiredis.h>

#include "redis/testing/redis_server.hpp"

namespace heliograph::cluster_redis {
namespace {

using cluster::Commit;
using cluster::CommitAnswer;
using cluster::Fenced;
using cluster::Lost;
using cluster::RegisterAnswer;
using cluster::Registered;
using cluster::RenewAnswer;
using cluster::Renewed;
using cluster::RoomChange;
using cluster::RoomFields;
using cluster::SendAnswer;
using cluster::StoredRoom;
using cluster::Taken;
using Amount = cluster::membership_action::ListRooms::Amount;
using namespace std::chrono_literals;
using redis::testing::RedisServer;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::StartsWith;
using ::testing::UnorderedElementsAre;
using Kind = CommitAnswer::Kind;

template <class Kind, class Answer>
bool holds(const std::optional<Answer>& answer) {
  return answer && std::holds_alternative<Kind>(*answer);
}

// A node's store, asked one thing at a time.
class StoreClient {
 public:
  StoreClient(const RedisServer& server, std::uint32_t node, std::chrono::milliseconds lease = 1h,
              std::size_t max_inbox_entries = 1000)
      : connection_(context_, redis::testing::connection_to(server),
                    {.up = [this] { is_up_ = true; },
                     .down = [](std::string_view) {},
                     .random = [] { return 0.5; }}),
        store_(connection_,
               {.node = node,
                .prefix = "test",
                .lease = lease,
                .max_inbox_entries = max_inbox_entries},
               {.committed =
                    [this](std::uint64_t serial, CommitAnswer answer) {
                      answered_serial_ = serial;
                      commit_answer_ = std::move(answer);
                    },
                .sent =
                    [this](std::uint64_t serial, SendAnswer answer) {
                      answered_serial_ = serial;
                      send_answer_ = answer;
                    },
                .failed = [this](std::string_view error) { failures_.emplace_back(error); }}) {
    connection_.start();
    until([this] { return is_up_; });
    bool is_loaded = false;
    store_.load([&] { is_loaded = true; });
    until([&] { return is_loaded; });
  }
  ~StoreClient() {
    connection_.stop();
    context_.restart();
    context_.run_for(10s);
  }
  StoreClient(const StoreClient&) = delete;
  StoreClient& operator=(const StoreClient&) = delete;

  CommitAnswer commit(const Commit& commit) {
    commit_answer_.reset();
    store_.commit(commit);
    until([this] { return commit_answer_.has_value(); });
    EXPECT_EQ(answered_serial_, commit.serial);
    return commit_answer_.value_or(CommitAnswer{});
  }
  SendAnswer send(std::uint64_t serial, std::uint32_t node, std::string batch) {
    send_answer_.reset();
    store_.send({serial, {node, std::move(batch)}});
    until([this] { return send_answer_.has_value(); });
    EXPECT_EQ(answered_serial_, serial);
    return send_answer_.value_or(SendAnswer::kUnknown);
  }
  // Nothing if there is no answer.
  std::optional<RegisterAnswer> enter(std::uint64_t epoch, bool has_lost = false,
                                      std::string lost_store = "another one") {
    std::optional<RegisterAnswer> answer;
    const std::string name = "named by " + std::to_string(store_.node());
    store_.enter({epoch, name, has_lost ? std::move(lost_store) : std::string()},
                 [&](const RegisterAnswer& given) { answer = given; });
    return answer_or_none(answer);
  }
  bool enters(std::uint64_t epoch, bool has_lost = false) {
    return holds<Registered>(enter(epoch, has_lost));
  }
  std::optional<RenewAnswer> renew(bool may_remove = true,
                                   const std::string& store_name = "named by 1") {
    std::optional<RenewAnswer> answer;
    store_.renew({store_name, may_remove}, [&](const RenewAnswer& given) { answer = given; });
    return answer_or_none(answer);
  }
  // Whom this node is to remove.
  std::vector<std::uint32_t> dead(bool may_remove = true) { return renewed(may_remove).dead; }
  // The nodes that hold a lease.
  std::set<std::uint32_t> live(bool may_remove = true) { return renewed(may_remove).live; }
  Renewed renewed(bool may_remove) {
    const std::optional<RenewAnswer> answer = renew(may_remove);
    EXPECT_TRUE(holds<Renewed>(answer));
    return holds<Renewed>(answer) ? std::get<Renewed>(*answer) : Renewed{};
  }
  // False where it does not come true within a minute.
  template <class Condition>
  bool comes_true(const Condition& condition) {
    const auto end = base::Clock::now() + 60s;
    while (!condition()) {
      if (base::Clock::now() > end) return false;
    }
    return true;
  }
  std::vector<std::string> rooms_of(std::uint32_t node) {
    std::optional<std::vector<std::string>> names;
    store_.list({node, Amount::kSome},
                [&](const std::vector<std::string>& given) { names = given; });
    until([&] { return names.has_value(); });
    return names.value_or(std::vector<std::string>{});
  }
  // All of them, in any order.
  std::vector<std::string> all_rooms_of(std::uint32_t node) {
    std::optional<std::vector<std::string>> names;
    store_.list({node, Amount::kAll},
                [&](const std::vector<std::string>& given) { names = given; });
    until([&] { return names.has_value(); });
    return names.value_or(std::vector<std::string>{});
  }
  bool forget(std::uint32_t node) {
    std::optional<bool> is_forgotten;
    store_.forget(node, [&](bool given) { is_forgotten = given; });
    until([&] { return is_forgotten.has_value(); });
    return is_forgotten.value_or(false);
  }
  void leave() {
    bool has_left = false;
    store_.leave([&] { has_left = true; });
    until([&] { return has_left; });
  }

  // What the inbox holds, but for the entry that it begins with.
  std::vector<std::string> inbox(std::uint32_t node) {
    std::vector<std::string> batches;
    for (const auto& [id, batch] : entries(node)) {
      if (!batch.empty()) batches.push_back(batch);
    }
    return batches;
  }
  std::vector<std::pair<std::string, std::string>> entries(std::uint32_t node) {
    std::vector<std::pair<std::string, std::string>> entries;
    const std::string stream = store_.inbox(node);
    command({"XRANGE", stream, "-", "+"}, [&](const redisReply& reply) {
      for (std::size_t i = 0; i < reply.elements; ++i) {
        const redisReply& entry = *reply.element[i];
        const redisReply& batch = *entry.element[1]->element[1];
        entries.emplace_back(std::string(entry.element[0]->str, entry.element[0]->len),
                             std::string(batch.str, batch.len));
      }
    });
    return entries;
  }
  template <class Look>
  void command(std::vector<std::string_view> words, const Look& look) {
    bool is_answered = false;
    connection_.send(words, [&](const redisReply* reply) {
      is_answered = true;
      if (reply) look(*reply);
    });
    until([&] { return is_answered; });
  }
  void command(std::vector<std::string_view> words) {
    command(std::move(words), [](const redisReply&) {});
  }
  void stop() { connection_.stop(); }
  RedisStore& store() { return store_; }
  const std::vector<std::string>& failures() const { return failures_; }

 private:
  // A PING that is answered comes behind the answer, if there is one.
  template <class Answer>
  std::optional<Answer> answer_or_none(const std::optional<Answer>& answer) {
    bool is_behind = false;
    connection_.send(std::array<std::string_view, 1>{"PING"},
                     [&](const redisReply*) { is_behind = true; });
    until([&] { return is_behind; });
    return answer;
  }
  template <class Condition>
  void until(const Condition& condition) {
    const auto end = base::Clock::now() + 60s;
    while (!condition() && base::Clock::now() < end) {
      context_.restart();
      context_.run_one_for(100ms);
    }
    EXPECT_TRUE(condition());
  }

  boost::asio::io_context context_;
  redis::Connection connection_;
  RedisStore store_;
  bool is_up_ = false;
  std::uint64_t answered_serial_ = 0;
  std::optional<CommitAnswer> commit_answer_;
  std::optional<SendAnswer> send_answer_;
  std::vector<std::string> failures_;
};

Commit change(std::uint64_t serial, std::string version, std::string new_version,
              RoomChange change = {}) {
  Commit commit;
  commit.room = "north";
  commit.serial = serial;
  commit.version = std::move(version);
  commit.new_version = std::move(new_version);
  commit.change = std::move(change);
  return commit;
}
Commit create(std::uint64_t serial = 1) {
  Commit commit = change(serial, "", "1-a", {{{"o", "ada"}, {"s", "open"}}, {}});
  commit.joined = {1};
  return commit;
}

Commit ending(std::uint64_t serial) {
  Commit commit = change(serial, "1-a", "2-a", {{}, {"o", "s"}});
  commit.life = Commit::Life::kIsNone;
  return commit;
}

class RedisStoreTest : public ::testing::Test {
 protected:
  // What the store holds of the room.
  StoredRoom room() {
    const Commit look = change(999, "no such version", "no such version");
    CommitAnswer answer;
    const auto is_told = [&] { return (answer = one_.commit(look)).kind == Kind::kConflict; };
    EXPECT_TRUE(one_.comes_true(is_told));
    return answer.room;
  }
  // In how many milliseconds the store forgets the room; -1 where it does not.
  long long expiry() {
    long long expiry = 0;
    const auto take = [&](const redisReply& reply) { expiry = reply.integer; };
    one_.command({"PTTL", "test:{0}:room:north"}, take);
    return expiry;
  }
  void enter_both() {
    ASSERT_TRUE(one_.enters(11));
    ASSERT_TRUE(two_.enters(22));
  }

  RedisServer server_;
  StoreClient one_{server_, 1};
  StoreClient two_{server_, 2};
};

// --- commits

TEST_F(RedisStoreTest, TheFirstOfTwoCreatorsGetsTheRoom) {
  enter_both();
  EXPECT_EQ(one_.commit(create()).kind, Kind::kDone);
  const CommitAnswer second = two_.commit(change(1, "", "1-b", {{{"o", "bob"}}, {}}));
  EXPECT_EQ(second.kind, Kind::kConflict);
  EXPECT_EQ(second.room.version, "1-a");
  EXPECT_EQ(second.room.fields, (RoomFields{{"o", "ada"}, {"s", "open"}}));
}

TEST_F(RedisStoreTest, ChangesARoomFromTheVersionThatItHas) {
  enter_both();
  one_.commit(create());
  EXPECT_EQ(two_.commit(change(1, "1-a", "2-b", {{{"o", "bob"}, {"m", "x"}}, {"s"}})).kind,
            Kind::kDone);
  EXPECT_EQ(room().version, "2-b");
  EXPECT_EQ(room().fields, (RoomFields{{"o", "bob"}, {"m", "x"}}));
  EXPECT_EQ(one_.commit(change(2, "1-a", "2-c", {{{"o", "eve"}}, {}})).kind, Kind::kConflict);
  EXPECT_EQ(room().version, "2-b");
}

TEST_F(RedisStoreTest, CarriesAnyBytes) {
  enter_both();
  const std::string bytes("\0\r\n\xFF$1", 6);
  one_.commit(change(1, "", "1-a", {{{bytes, bytes}}, {}}));
  EXPECT_EQ(room().fields, (RoomFields{{bytes, bytes}}));
}

TEST_F(RedisStoreTest, SaysAgainThatACommitWasDone) {
  enter_both();
  const Commit first = create();
  EXPECT_EQ(one_.commit(first).kind, Kind::kDone);
  EXPECT_EQ(one_.commit(first).kind, Kind::kDone);
  EXPECT_EQ(two_.commit(change(1, "1-a", "2-b", {{{"o", "bob"}}, {}})).kind, Kind::kDone);
  EXPECT_EQ(one_.commit(first).kind, Kind::kDone);
  EXPECT_EQ(room().fields.at("o"), "bob");
}

TEST_F(RedisStoreTest, DeliversWhatACommitBringsOnce) {
  enter_both();
  Commit first = create();
  first.deliveries = {{2, "to two"}, {1, "to one"}};
  one_.commit(first);
  one_.commit(first);
  EXPECT_THAT(one_.inbox(1), ElementsAre("to one"));
  EXPECT_THAT(one_.inbox(2), ElementsAre("to two"));
}

TEST_F(RedisStoreTest, DeliversNothingOfWhatIsNotDone) {
  enter_both();
  one_.commit(create());
  Commit late = change(1, "", "1-b", {{{"o", "bob"}}, {}});
  late.deliveries = {{1, "news"}};
  late.joined = {2};
  two_.commit(late);
  EXPECT_THAT(one_.inbox(1), IsEmpty());
  EXPECT_THAT(one_.rooms_of(2), IsEmpty());
}

TEST_F(RedisStoreTest, DeliversWithoutAChange) {
  enter_both();
  one_.commit(create());
  Commit message = change(2, "1-a", "1-a");
  message.deliveries = {{2, "message"}};
  EXPECT_EQ(one_.commit(message).kind, Kind::kDone);
  EXPECT_THAT(one_.inbox(2), ElementsAre("message"));
  EXPECT_EQ(room().version, "1-a");
}

TEST_F(RedisStoreTest, DeliversToNodesThatMayBeOnTheirWayBackAsWell) {
  enter_both();
  Commit commit = create();
  commit.deliveries = {{3, "to three"}, {2, "to two"}};
  EXPECT_EQ(one_.commit(commit).kind, Kind::kDone);
  EXPECT_THAT(one_.inbox(3), ElementsAre("to three"));
  EXPECT_THAT(one_.inbox(2), ElementsAre("to two"));
}

TEST_F(RedisStoreTest, ARoomEnds) {
  enter_both();
  one_.commit(create());
  Commit end = ending(2);
  end.left = {1};
  EXPECT_EQ(one_.commit(end).kind, Kind::kDone);
  EXPECT_EQ(room().version, "2-a");
  EXPECT_EQ(room().fields, RoomFields{});
  EXPECT_GT(expiry(), 0);
  EXPECT_THAT(one_.rooms_of(1), IsEmpty());
}

// The answer to the first was lost; what it delivered was not.
TEST_F(RedisStoreTest, SaysAgainThatARoomWasEnded) {
  enter_both();
  one_.commit(create());
  const Commit end = ending(2);
  one_.commit(end);
  EXPECT_EQ(one_.commit(end).kind, Kind::kDone);
  EXPECT_EQ(room().version, "2-a");
}

TEST_F(RedisStoreTest, ARoomThatHasEndedLeavesNothingToTheNextOfItsName) {
  enter_both();
  one_.commit(create());
  one_.commit(ending(2));
  Commit next = change(1, "2-a", "3-b", {{{"o", "bob"}}, {}});
  next.life = Commit::Life::kBegins;
  EXPECT_EQ(two_.commit(next).kind, Kind::kDone);
  EXPECT_EQ(room().fields, (RoomFields{{"o", "bob"}}));
  EXPECT_EQ(expiry(), -1);
}

TEST_F(RedisStoreTest, TheNextRoomOfANameCountsOnFromTheOneBefore) {
  enter_both();
  one_.commit(create());
  one_.commit(ending(2));
  const CommitAnswer answer = two_.commit(change(1, "", "1-b", {{{"o", "bob"}}, {}}));
  EXPECT_EQ(answer.kind, Kind::kConflict);
  EXPECT_EQ(answer.room.version, "2-a");
  EXPECT_EQ(answer.room.fields, RoomFields{});
}

TEST_F(RedisStoreTest, WhatIsSaidWhereNoRoomIsLeavesNothingForLong) {
  enter_both();
  Commit refusal = change(1, "", "");
  refusal.life = Commit::Life::kIsNone;
  refusal.deliveries = {{2, "there is no such room"}};
  EXPECT_EQ(one_.commit(refusal).kind, Kind::kDone);
  EXPECT_GT(expiry(), 0);
}

TEST_F(RedisStoreTest, KnowsInWhichRoomsANodeIs) {
  enter_both();
  Commit commit = create();
  commit.joined = {1, 2};
  one_.commit(commit);
  commit.room = "south";
  commit.serial = 2;
  one_.commit(commit);
  EXPECT_THAT(one_.rooms_of(2), UnorderedElementsAre("north", "south"));
  Commit left = change(3, "1-a", "2-a");
  left.left = {2};
  one_.commit(left);
  EXPECT_THAT(one_.rooms_of(2), ElementsAre("south"));
  EXPECT_THAT(one_.rooms_of(1), UnorderedElementsAre("north", "south"));
}

TEST_F(RedisStoreTest, DoesNothingAfterTheDeadline) {
  enter_both();
  Commit commit = create();
  commit.deadline = base::Clock::now() - 1s;
  EXPECT_EQ(one_.commit(commit).kind, Kind::kLater);
  EXPECT_EQ(room().version, "");
  commit.deadline = base::Clock::now() + 1h;
  EXPECT_EQ(one_.commit(commit).kind, Kind::kDone);
}

TEST_F(RedisStoreTest, ADeadlineDoesNotUndoWhatWasDone) {
  enter_both();
  Commit commit = create();
  one_.commit(commit);
  commit.deadline = base::Clock::now() - 1s;
  EXPECT_EQ(one_.commit(commit).kind, Kind::kDone);
}

// --- places

TEST_F(RedisStoreTest, ANodeWithoutAPlaceChangesNothing) {
  EXPECT_EQ(one_.commit(create()).kind, Kind::kFenced);
  EXPECT_EQ(one_.send(1, 1, "batch"), SendAnswer::kFenced);
  EXPECT_TRUE(holds<Lost>(one_.renew()));
}

TEST_F(RedisStoreTest, TheFirstNodeNamesTheStore) {
  const auto first = one_.enter(11);
  const auto second = two_.enter(22);
  ASSERT_TRUE(holds<Registered>(second));
  EXPECT_EQ(std::get<Registered>(*first).store, "named by 1");
  EXPECT_EQ(std::get<Registered>(*second).store, "named by 1");
}

TEST_F(RedisStoreTest, TwoNodesOfOneIdAreNotThereAtTheSameTime) {
  StoreClient twin(server_, 1);
  ASSERT_TRUE(one_.enters(11));
  EXPECT_TRUE(holds<Taken>(twin.enter(12)));
  EXPECT_TRUE(one_.enters(11));  // whose answer was lost, and who asks again
}

TEST_F(RedisStoreTest, APlaceIsFreeWhenItsLeaseHasRunOut) {
  StoreClient late(server_, 3, 1ms);
  StoreClient next(server_, 3);
  ASSERT_TRUE(late.enters(31));
  EXPECT_TRUE(next.comes_true([&] { return next.enters(32); }));
  EXPECT_TRUE(holds<Fenced>(late.renew(false, "named by 3")));
  EXPECT_EQ(late.send(1, 3, "batch"), SendAnswer::kFenced);
}

TEST_F(RedisStoreTest, ReadsItsInboxFromWhenItEntered) {
  enter_both();
  one_.send(1, 2, "before");
  StoreClient twin(server_, 2);
  two_.leave();
  const auto answer = twin.enter(23);
  ASSERT_TRUE(holds<Registered>(answer));
  one_.send(2, 2, "after");
  const std::string begin = std::get<Registered>(*answer).inbox_begin;
  const auto entries = one_.entries(2);
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[0].first, begin);
  EXPECT_EQ(entries[1].second, "after");
}

TEST_F(RedisStoreTest, KnowsAnotherStoreFromTheOneThatItWas) {
  enter_both();
  EXPECT_TRUE(holds<Renewed>(one_.renew()));
  EXPECT_TRUE(holds<Lost>(one_.renew(true, "another")));
  one_.command({"FLUSHALL"});
  EXPECT_TRUE(holds<Lost>(one_.renew()));
}

// The copy lacks a change of which the node has only heard. A renewal that was asked for before it
// heard of it tells nothing about that.
TEST_F(RedisStoreTest, KnowsACopyFromBeforeWhatIsInItsInbox) {
  enter_both();
  Commit commit = create();
  commit.deliveries = {{2, "a batch"}};
  one_.commit(commit);
  one_.command({"DECR", "test:{0}:changes"});  // as in a copy from before
  std::optional<RenewAnswer> meanwhile;
  const std::string stream = two_.store().inbox(2);
  two_.command({"XREVRANGE", stream, "+", "-", "COUNT", "1"}, [&](const redisReply& reply) {
    two_.store().renew({"named by 1", true}, [&](const auto& answer) { meanwhile = answer; });
    ASSERT_EQ(reply.elements, 1U);
    EXPECT_EQ(two_.store().take_entry(*reply.element[0]->element[1]), "a batch");
  });
  EXPECT_TRUE(holds<Lost>(two_.renew()));
  ASSERT_TRUE(meanwhile);
  EXPECT_TRUE(holds<Renewed>(meanwhile));
}

TEST_F(RedisStoreTest, TellsWhichNodesHoldALease) {
  enter_both();
  EXPECT_THAT(one_.live(), ElementsAre(1, 2));
  StoreClient late(server_, 3, 1ms);
  ASSERT_TRUE(late.enters(33));
  EXPECT_THAT(one_.live(false), ElementsAre(1, 2, 3)) << "nobody may take it for dead yet";
  EXPECT_TRUE(one_.comes_true([&] { return one_.live() == std::set<std::uint32_t>{1, 2}; }));
  two_.leave();
  EXPECT_THAT(one_.live(), ElementsAre(1));
}

TEST_F(RedisStoreTest, ANodeWhoseLeaseHasRunOutIsRemovedByOne) {
  enter_both();
  StoreClient late(server_, 3, 1ms);
  ASSERT_TRUE(late.enters(33));
  EXPECT_THAT(one_.dead(false), IsEmpty());
  std::vector<std::uint32_t> removed;
  EXPECT_TRUE(one_.comes_true([&] { return !(removed = one_.dead()).empty(); }));
  EXPECT_THAT(removed, ElementsAre(3));
  EXPECT_THAT(two_.dead(), IsEmpty());
  EXPECT_THAT(one_.dead(), ElementsAre(3));  // until it is forgotten
  EXPECT_TRUE(holds<Fenced>(late.renew()));
  EXPECT_EQ(late.commit(create()).kind, Kind::kFenced);
  EXPECT_TRUE(holds<Taken>(late.enter(34)));
  EXPECT_TRUE(one_.forget(3));
  EXPECT_THAT(one_.dead(), IsEmpty());
  EXPECT_TRUE(late.enters(34));
}

// Whoever is to remove it may be late: others have done it, and a new node has that id.
TEST_F(RedisStoreTest, NobodyIsTakenOutOfARoomForADeathThatIsOver) {
  enter_both();
  one_.commit(create());
  Commit removal = change(2, "1-a", "2-a", {{{"o", "bob"}}, {}});
  removal.gone = {3};
  EXPECT_EQ(one_.commit(removal).kind, Kind::kLives);
  StoreClient brief(server_, 3, 1ms);
  ASSERT_TRUE(brief.enters(33));
  EXPECT_EQ(one_.commit(removal).kind, Kind::kLives);
  EXPECT_TRUE(one_.comes_true([&] { return !one_.dead().empty(); }));
  EXPECT_EQ(one_.commit(removal).kind, Kind::kDone);
  removal = change(3, "2-a", "3-a", {{{"o", "cat"}}, {}});
  removal.gone = {3, 2};
  EXPECT_EQ(one_.commit(removal).kind, Kind::kLives);
  EXPECT_TRUE(one_.forget(3));
  removal.gone = {3};
  EXPECT_EQ(one_.commit(removal).kind, Kind::kLives);
}

TEST_F(RedisStoreTest, ANodeIsNotForgottenWhileItIsInRooms) {
  enter_both();
  Commit commit = create();
  commit.joined = {1, 3};
  one_.commit(commit);
  EXPECT_FALSE(one_.forget(3));
  Commit left = change(2, "1-a", "2-a");
  left.left = {3};
  one_.commit(left);
  EXPECT_TRUE(one_.forget(3));
}

// The node that removed it may ask late.
TEST_F(RedisStoreTest, ANodeThatHasComeBackKeepsItsInbox) {
  enter_both();
  one_.send(1, 2, "message");
  EXPECT_TRUE(one_.forget(2));
  EXPECT_THAT(one_.inbox(2), ElementsAre("message"));
}

TEST_F(RedisStoreTest, ANodeLeaves) {
  enter_both();
  two_.leave();
  EXPECT_EQ(one_.send(1, 2, "batch"), SendAnswer::kGone);
  EXPECT_THAT(one_.entries(2), IsEmpty());
  EXPECT_TRUE(holds<Fenced>(two_.renew()));
  StoreClient next(server_, 2);
  EXPECT_TRUE(next.enters(23));
}

TEST_F(RedisStoreTest, ANodeThatLeavesRoomsBehindIsRemovedByAnother) {
  enter_both();
  Commit commit = create();
  commit.joined = {2};
  one_.commit(commit);
  two_.leave();
  EXPECT_THAT(one_.live(), ElementsAre(1));
  EXPECT_THAT(one_.dead(), ElementsAre(2));
}

// All have slept, or died: who comes first takes out what is left of it, and of the others.
TEST_F(RedisStoreTest, ADeadNodeComesBackWhereNobodyLivesToRemoveIt) {
  StoreClient brief(server_, 3, 1ms);
  ASSERT_TRUE(one_.enters(11));
  ASSERT_TRUE(brief.enters(33));
  EXPECT_TRUE(one_.comes_true([&] { return !one_.dead().empty(); }));
  EXPECT_TRUE(holds<Taken>(brief.enter(34)));
  one_.leave();
  EXPECT_TRUE(brief.enters(34));
}

TEST_F(RedisStoreTest, WhoHasNoPlaceCannotGiveItUpForAnother) {
  StoreClient late(server_, 3, 1ms);
  StoreClient next(server_, 3);
  ASSERT_TRUE(late.enters(31));
  ASSERT_TRUE(next.comes_true([&] { return next.enters(32); }));
  late.leave();
  EXPECT_EQ(next.send(1, 3, "batch"), SendAnswer::kDone);
}

// --- sends

TEST_F(RedisStoreTest, FillsInboxesInOrder) {
  enter_both();
  EXPECT_EQ(one_.send(1, 2, "first"), SendAnswer::kDone);
  EXPECT_EQ(one_.send(2, 2, std::string("\0second", 7)), SendAnswer::kDone);
  EXPECT_EQ(two_.send(1, 1, "other"), SendAnswer::kDone);
  EXPECT_THAT(one_.inbox(2), ElementsAre("first", std::string("\0second", 7)));
  EXPECT_THAT(one_.inbox(1), ElementsAre("other"));
}

TEST_F(RedisStoreTest, SaysThatANodeIsNotThere) {
  enter_both();
  EXPECT_EQ(one_.send(1, 3, "batch"), SendAnswer::kGone);
  EXPECT_THAT(one_.entries(3), IsEmpty());
}

TEST_F(RedisStoreTest, SaysThatAnInboxIsFull) {
  StoreClient sender(server_, 3, 1h, 3);
  ASSERT_TRUE(sender.enters(33));
  enter_both();
  EXPECT_EQ(sender.send(1, 2, "first"), SendAnswer::kDone);
  EXPECT_EQ(sender.send(2, 2, "second"), SendAnswer::kDone);
  EXPECT_EQ(sender.send(3, 2, "third"), SendAnswer::kFull);
  two_.store().trim(two_.entries(2).back().first);
  EXPECT_EQ(two_.send(1, 1, "after the trim"), SendAnswer::kDone);
  EXPECT_EQ(sender.send(3, 2, "third"), SendAnswer::kDone);
  EXPECT_THAT(one_.inbox(2), ElementsAre("second", "third"));
}

// --- a store that has lost everything

class LostRedisTest : public RedisStoreTest {
 protected:
  LostRedisTest() {
    EXPECT_TRUE(one_.enters(11));
    one_.command({"FLUSHALL"});
  }
  static Commit restore(std::uint64_t serial, const std::string& version, RoomChange fields) {
    Commit commit = change(serial, version, version, std::move(fields));
    commit.restores = true;
    commit.joined = {1};
    return commit;
  }
  // All others are back, and a room has begun since. Gives the serial of that.
  std::uint64_t two_comes_late() {
    StoreClient brief(server_, 3, 1ms);
    EXPECT_TRUE(brief.enters(33, true));
    EXPECT_TRUE(one_.enters(11, true));
    std::uint64_t serial = 0;
    EXPECT_TRUE(one_.comes_true([&] { return one_.commit(create(++serial)).kind == Kind::kDone; }));
    EXPECT_TRUE(two_.enters(22, true));
    return serial;
  }
};

TEST_F(LostRedisTest, KeepsTheInboxOfANodeThatComesBack) {
  EXPECT_TRUE(two_.enters(22, true));
  EXPECT_EQ(two_.send(1, 1, "before it is back"), SendAnswer::kDone);
  const auto answer = one_.enter(11, true);
  ASSERT_TRUE(holds<Registered>(answer));
  EXPECT_EQ(std::get<Registered>(*answer).inbox_begin, "0");
  EXPECT_THAT(one_.inbox(1), ElementsAre("before it is back"));
}

TEST_F(LostRedisTest, GivesNoRoomToANewcomerBeforeItIsKnownWhichOnesThereAre) {
  ASSERT_TRUE(one_.enters(11, true));
  ASSERT_TRUE(two_.enters(22));
  EXPECT_EQ(two_.commit(create()).kind, Kind::kLater);
  EXPECT_EQ(one_.commit(restore(1, "5-a", {{{"o", "ada"}}, {}})).kind, Kind::kDone);
  EXPECT_EQ(two_.commit(create()).kind, Kind::kLater);
  EXPECT_EQ(two_.commit(change(2, "5-a", "6-b", {{{"o", "bob"}}, {}})).kind, Kind::kLater);
  EXPECT_TRUE(two_.comes_true([&] { return two_.commit(create()).kind == Kind::kConflict; }));
  EXPECT_THAT(one_.rooms_of(1), ElementsAre("north"));
}

TEST_F(LostRedisTest, WaitsOnceForWhatTheNodesKnowHoweverLateTheLastOfThemComes) {
  const std::uint64_t last = two_comes_late();
  EXPECT_EQ(one_.commit(change(last + 1, "1-a", "2-a")).kind, Kind::kDone);
}

// As a copy of it does that takes its place, and lacks the last changes.
TEST_F(RedisStoreTest, HasAnotherNameAfterALossSoThatAllHearOfIt) {
  enter_both();
  EXPECT_TRUE(holds<Renewed>(one_.renew()));
  const auto answer = two_.enter(22, true, "named by 1");
  ASSERT_TRUE(holds<Registered>(answer));
  EXPECT_EQ(std::get<Registered>(*answer).store, "named by 2");
  EXPECT_TRUE(holds<Lost>(one_.renew()));
  EXPECT_EQ(one_.commit(create()).kind, Kind::kLater);
  ASSERT_TRUE(one_.enters(11, true));
  EXPECT_TRUE(holds<Renewed>(two_.renew(true, "named by 2")));
}

TEST_F(LostRedisTest, CountsOnFromBeyondWhatWasLost) {
  EXPECT_EQ(one_.store().changes(), 0U);
  ASSERT_TRUE(one_.enters(11, true));
  EXPECT_EQ(one_.store().changes(), 1'000'000U);
  EXPECT_TRUE(one_.comes_true([&] { return one_.commit(create()).kind == Kind::kDone; }));
  EXPECT_EQ(one_.store().changes(), 1'000'001U);
  ASSERT_TRUE(two_.enters(22));
  EXPECT_EQ(two_.store().changes(), 1'000'001U);
}

TEST_F(LostRedisTest, GivesRoomsAgainAfterTheTimeOfALease) {
  StoreClient brief(server_, 3, 1ms);
  ASSERT_TRUE(brief.enters(33, true));
  ASSERT_TRUE(one_.enters(11));
  std::uint64_t serial = 0;
  EXPECT_TRUE(one_.comes_true([&] { return one_.commit(create(++serial)).kind == Kind::kDone; }));
}

TEST_F(LostRedisTest, TheVersionWithMostChangesStays) {
  ASSERT_TRUE(one_.enters(11, true));
  ASSERT_TRUE(two_.enters(22, true));
  EXPECT_EQ(one_.commit(restore(1, "9-a", {{{"o", "ada"}, {"x", "1"}}, {}})).kind, Kind::kDone);
  const CommitAnswer older = two_.commit(restore(1, "8-b", {{{"o", "bob"}}, {}}));
  EXPECT_EQ(older.kind, Kind::kConflict);
  EXPECT_EQ(older.room.version, "9-a");
  EXPECT_EQ(two_.commit(restore(2, "9-a", {{{"o", "bob"}}, {}})).kind, Kind::kConflict);
  EXPECT_THAT(one_.inbox(1), IsEmpty());
  Commit newer = restore(3, "10-b", {{{"o", "bob"}}, {}});
  newer.news = "another one";
  EXPECT_EQ(two_.commit(newer).kind, Kind::kDone);
  EXPECT_THAT(one_.inbox(1), ElementsAre("another one"));
  EXPECT_EQ(room().version, "10-b");
  EXPECT_EQ(room().fields, (RoomFields{{"o", "bob"}}));
}

TEST_F(LostRedisTest, WhoeverComesLateFindsTheRoomAsItHasBecome) {
  two_comes_late();
  const CommitAnswer answer = two_.commit(restore(1, "9-b", {{{"o", "bob"}}, {}}));
  EXPECT_EQ(answer.kind, Kind::kConflict);
  EXPECT_EQ(answer.room.version, "1-a");
}

// By a node that slept while the others wrote what they knew, and went on.
TEST_F(LostRedisTest, DoesNotBringBackARoomThatHasEndedSince) {
  ASSERT_TRUE(one_.enters(11, true));
  ASSERT_TRUE(two_.enters(22, true));
  one_.commit(restore(1, "1-a", {{{"o", "ada"}, {"s", "open"}}, {}}));
  EXPECT_TRUE(one_.comes_true([&] { return one_.commit(ending(2)).kind == Kind::kDone; }));
  const CommitAnswer answer = two_.commit(restore(1, "1-a", {{{"o", "ada"}}, {}}));
  EXPECT_EQ(answer.kind, Kind::kConflict);
  EXPECT_EQ(answer.room.fields, RoomFields{});
}

TEST_F(LostRedisTest, DeliversToNodesThatAreNotBackYet) {
  ASSERT_TRUE(one_.enters(11, true));
  one_.commit(restore(1, "5-a", {{{"o", "ada"}}, {}}));
  Commit news = change(2, "5-a", "6-a");
  news.deliveries = {{2, "news"}};
  EXPECT_TRUE(one_.comes_true([&] { return one_.commit(news).kind == Kind::kDone; }));
  ASSERT_TRUE(two_.enters(22, true));
  EXPECT_THAT(one_.inbox(2), ElementsAre("news"));
}

// --- a Redis that refuses, or is not there

TEST_F(RedisStoreTest, TellsOfErrors) {
  enter_both();
  one_.command({"SCRIPT", "FLUSH"});
  EXPECT_EQ(one_.commit(create()).kind, Kind::kUnknown);
  EXPECT_EQ(one_.send(2, 2, "batch"), SendAnswer::kUnknown);
  EXPECT_FALSE(one_.renew().has_value());
  EXPECT_FALSE(one_.enter(12).has_value());
  ASSERT_EQ(one_.failures().size(), 4U);
  EXPECT_THAT(one_.failures()[0], StartsWith("NOSCRIPT"));
}

TEST_F(RedisStoreTest, TellsWhatWasRefusedAloneFromWhatNobodyCanKnow) {
  enter_both();
  one_.command({"CONFIG", "SET", "maxmemory", "1"});
  EXPECT_EQ(one_.send(1, 2, "batch"), SendAnswer::kRefused);
  one_.command({"CONFIG", "SET", "maxmemory", "0"});
  ASSERT_EQ(one_.failures().size(), 1U);
  EXPECT_THAT(one_.failures()[0], StartsWith("OOM"));
}

TEST_F(RedisStoreTest, KnowsNothingWithoutAConnection) {
  enter_both();
  one_.stop();
  EXPECT_EQ(one_.commit(create()).kind, Kind::kUnknown);
  EXPECT_EQ(one_.send(2, 2, "batch"), SendAnswer::kUnknown);
  EXPECT_FALSE(one_.renew().has_value());
  EXPECT_THAT(one_.failures(), IsEmpty());
}

}  // namespace
}  // namespace heliograph::cluster_redis
