#include "cluster/participant.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cluster/bus_message.hpp"
#include "cluster/room_record.hpp"
#include "cluster/testing/message_lines.hpp"

namespace heliograph::cluster {
namespace {

using namespace std::chrono_literals;
using membership_action::ListRooms;
using membership_action::MoveTo;
using membership_action::Notice;
using membership_action::Register;
using membership_action::Renew;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::line_of;
using testing::peer;
using testing::relay;
using testing::request;

using testing::kHere;
using testing::kThere;

// Notes what a Participant asks of the store, of its connections and of the workers.
class WorldStub final : public Store, public Link, public Workers {
 public:
  void commit(const Commit& commit) override {
    note_line(commit.restores ? "restore " + commit.room : "commit " + commit.room);
    commits.push_back(commit);
  }
  void send(const Send& send) override {
    note_line("send");
    sends.push_back(send);
  }
  std::uint64_t changes() const override { return 0; }

  void load_scripts() override { note_line("load"); }
  void enter(const Register& place) override { note_line("register " + place.lost_store); }
  void renew(const Renew&) override { note_line("renew"); }
  void list(const ListRooms& rooms) override { note_line("list " + std::to_string(rooms.node)); }
  void forget(std::uint32_t node) override { note_line("forget " + std::to_string(node)); }
  void leave() override { note_line("leave"); }
  void read(const std::string& id) override { note_line("read " + id); }
  void trim(const std::string& id) override { note_line("trim " + id); }
  void reconnect(const std::string& why) override { note_line("reconnect: " + why); }
  void move_to(const MoveTo& server) override { note_line("move to " + server.host); }
  void note(const Notice& notice) override { notices.push_back(notice.kind); }
  void note_unreadable(std::string_view id) override {
    note_line("cannot read " + std::string(id));
  }

  std::uint16_t count() const override { return 2; }
  void post(std::uint16_t, signaling::WorkerMessage message) override {
    heard.push_back(line_of(message));
  }
  void disconnect_all() override { note_line("disconnect all"); }
  void disconnect_peer(const signaling::PeerId&) override { note_line("disconnect one"); }
  void serve_until(base::TimePoint time) override { serves_until = time; }
  void know_nodes(const std::shared_ptr<const std::set<std::uint32_t>>& nodes) override {
    live = *nodes;
  }

  std::vector<std::string> take() { return std::exchange(lines_, {}); }
  std::vector<Commit> commits;
  std::vector<Send> sends;
  std::vector<Notice::Kind> notices;
  std::vector<std::string> heard;
  std::set<std::uint32_t> live;
  base::TimePoint serves_until;

 private:
  void note_line(std::string line) { lines_.push_back(std::move(line)); }
  std::vector<std::string> lines_;
};

class ParticipantTest : public ::testing::Test {
 protected:
  void join() {
    participant_.on_up(now_);
    participant_.on_loaded(now_);
    participant_.on_registered(Registered{"store", "7-0"}, now_);
    participant_.on_listed(kHere, {}, now_);
  }
  // And waits for entries behind the one that its inbox begins with.
  void join_and_read() {
    participant_.on_inbox_up(now_);
    join();
    participant_.elapse(now_);
    participant_.on_renewed(Renewed{.next_end = 6s, .live = {kHere}, .dead = {}}, now_);
    world_.take();
  }
  // What comes from the other node.
  static std::string batch(std::uint64_t serial) {
    std::string bytes;
    begin_batch(bytes, {.node = kThere, .epoch = 1, .serial = serial});
    append_message(bytes, 0, relay(peer(kThere, 3), peer(kHere, 1)));
    return bytes;
  }
  void read(std::string_view id, std::string_view bytes) {
    const std::array entries{InboxEntry{id, bytes}};
    participant_.on_entries(entries, now_);
  }
  void create_room() {
    participant_.post({kHere, signaling::kClusterWorker},
                      request(peer(kHere, 1), signaling::room_action::Create{}), now_);
    participant_.on_committed(world_.commits.back().serial, {CommitAnswer::Kind::kDone, {}}, now_);
  }

  base::TimePoint now_ = base::TimePoint{} + 1h;
  WorldStub world_;
  Participant participant_{{.node = {.id = kHere, .patience = 1s},
                            .timing = {.heartbeat = 2s, .lease = 6s, .patience = 1s},
                            .leave_within = 2s,
                            .random = [] { return 0xEU; }},
                           world_,
                           world_,
                           world_};
};

TEST_F(ParticipantTest, AMemberReadsItsInbox) {
  participant_.on_inbox_up(now_);
  EXPECT_THAT(world_.take(), IsEmpty());
  join();
  EXPECT_TRUE(participant_.is_member());
  EXPECT_THAT(world_.take(), ElementsAre("load", "register ", "list 1", "read 7-0"));
}

TEST_F(ParticipantTest, AnInboxWhoseConnectionComesLaterIsReadThen) {
  join();
  world_.take();
  participant_.on_inbox_up(now_);
  EXPECT_THAT(world_.take(), ElementsAre("read 7-0"));
}

TEST_F(ParticipantTest, ReadsOnBehindTheLastEntry) {
  join_and_read();
  read("8-0", batch(1));
  EXPECT_THAT(world_.heard, ElementsAre("p1 relay message of p3"));
  EXPECT_THAT(world_.take(), ElementsAre("trim 8-0", "read 8-0"));
}

TEST_F(ParticipantTest, TheEntryThatAnInboxBeginsWithTellsNothing) {
  join_and_read();
  read("7-0", "");
  EXPECT_THAT(world_.heard, IsEmpty());
  EXPECT_THAT(world_.take(), ElementsAre("trim 7-0", "read 7-0"));
}

TEST_F(ParticipantTest, AWaitWithoutEntriesIsRepeated) {
  join_and_read();
  participant_.on_entries({}, now_);
  EXPECT_THAT(world_.take(), ElementsAre("read 7-0"));
}

TEST_F(ParticipantTest, AnUnreadableEntryIsReportedAndPassed) {
  join_and_read();
  read("8-0", "nonsense");
  EXPECT_THAT(world_.take(), ElementsAre("cannot read 8-0", "trim 8-0", "read 8-0"));
}

TEST_F(ParticipantTest, AnInboxWhoseConnectionBreaksIsReadAgainOverAnother) {
  join_and_read();
  participant_.on_inbox_down();
  EXPECT_THAT(world_.take(), IsEmpty());
  participant_.on_inbox_up(now_);
  EXPECT_THAT(world_.take(), ElementsAre("read 7-0"));
}

// Others may have emptied the inbox since, so what comes may have a gap.
TEST_F(ParticipantTest, EntriesThatComePastTheLeaseAreLeftWhereTheyAre) {
  join_and_read();
  now_ += 6s;
  read("8-0", batch(1));
  EXPECT_THAT(world_.heard, IsEmpty());
  EXPECT_THAT(world_.take(), IsEmpty());
  participant_.elapse(now_);
  EXPECT_THAT(world_.take(), ElementsAre("renew"));
  participant_.on_renewed(Renewed{.next_end = 6s, .live = {kHere}, .dead = {}}, now_);
  EXPECT_THAT(world_.take(), ElementsAre("read 7-0"));
}

TEST_F(ParticipantTest, EntriesThatWereReadForAnEarlierPlaceAreNotTaken) {
  join_and_read();
  participant_.elapse(now_ += 2s);
  participant_.on_renewed(Fenced{}, now_);
  participant_.on_registered(Registered{"store", "9-0"}, now_);
  participant_.on_listed(kHere, {}, now_);
  EXPECT_THAT(world_.take(), ElementsAre("renew", "disconnect all", "register ", "list 1"));
  read("8-0", batch(1));
  EXPECT_THAT(world_.heard, IsEmpty());
  EXPECT_THAT(world_.take(), ElementsAre("read 9-0"));
}

TEST_F(ParticipantTest, ReadsNothingBeforeItsRoomsAreRestored) {
  join_and_read();
  create_room();
  participant_.elapse(now_ += 2s);
  participant_.on_renewed(Lost{}, now_);
  participant_.on_registered(Registered{"new", "0"}, now_);
  EXPECT_THAT(world_.take(),
              ElementsAre("commit north", "renew", "register store", "restore north"));
  read("8-0", batch(1));
  EXPECT_THAT(world_.heard, IsEmpty());
  EXPECT_THAT(world_.take(), IsEmpty());
  participant_.on_committed(world_.commits.back().serial, {CommitAnswer::Kind::kDone, {}}, now_);
  EXPECT_THAT(world_.take(), ElementsAre("read 0"));
}

TEST_F(ParticipantTest, ACommitOfANodeThatTheStoreDoesNotKnowIsAskedAgainAfterTheLoss) {
  join_and_read();
  participant_.post({kHere, signaling::kClusterWorker},
                    request(peer(kHere, 1), signaling::room_action::Create{}), now_);
  participant_.on_committed(world_.commits.back().serial, {CommitAnswer::Kind::kFenced, {}}, now_);
  EXPECT_THAT(world_.take(), ElementsAre("commit north", "renew"));
  participant_.on_renewed(Lost{}, now_);
  participant_.on_registered(Registered{"new", "0"}, now_);
  EXPECT_THAT(world_.take(), ElementsAre("register store", "commit north"));
  EXPECT_THAT(world_.notices, Contains(Notice::Kind::kStoreLost));
}

TEST_F(ParticipantTest, ARelayThatTheStoreDoesNotTakeIsSentAgain) {
  join_and_read();
  participant_.post({kThere, 0}, relay(peer(kHere, 1), peer(kThere, 3)), now_);
  EXPECT_TRUE(participant_.has_gathered());
  participant_.flush(now_);
  participant_.on_sent(world_.sends.back().serial, SendAnswer::kFenced, now_);
  participant_.on_renewed(Renewed{.next_end = 6s, .live = {kHere, kThere}, .dead = {}}, now_);
  EXPECT_THAT(world_.take(), ElementsAre("send", "renew", "send"));
  EXPECT_THAT(world_.live, ElementsAre(kHere, kThere));
}

TEST_F(ParticipantTest, AnErrorClosesBothConnections) {
  join_and_read();
  participant_.on_failed("OOM no memory", now_);
  EXPECT_THAT(world_.take(), ElementsAre("reconnect: OOM no memory"));
  EXPECT_EQ(participant_.problem(), "OOM no memory");
  EXPECT_EQ(world_.serves_until, base::TimePoint::max());
}

TEST_F(ParticipantTest, ANodeThatLeavesWaitsUntilItsRoomsAreLeft) {
  join_and_read();
  create_room();
  participant_.leave(now_);
  participant_.on_listed(kHere, {"north"}, now_);
  EXPECT_THAT(world_.take(), ElementsAre("commit north", "list 1", "commit north"));
  participant_.on_committed(world_.commits.back().serial, {CommitAnswer::Kind::kDone, {}}, now_);
  EXPECT_THAT(world_.take(), ElementsAre("leave"));
  EXPECT_FALSE(participant_.has_left());
  participant_.on_left();
  EXPECT_TRUE(participant_.has_left());
}

TEST_F(ParticipantTest, ANodeThatLeavesOverAnotherConnectionLeavesItsRoomsFirst) {
  join_and_read();
  create_room();
  participant_.leave(now_);
  participant_.on_listed(kHere, {"north"}, now_);
  participant_.on_failed("READONLY no", now_);
  participant_.on_down("READONLY no", now_);
  participant_.on_up(now_);
  participant_.on_loaded(now_);
  world_.take();
  participant_.on_renewed(Renewed{.next_end = 6s, .live = {kHere}, .dead = {}}, now_);
  EXPECT_THAT(world_.take(), ElementsAre("commit north", "list 1"));
  participant_.on_committed(world_.commits.back().serial, {CommitAnswer::Kind::kDone, {}}, now_);
  EXPECT_THAT(world_.take(), IsEmpty());
  participant_.on_listed(kHere, {}, now_);
  EXPECT_THAT(world_.take(), ElementsAre("leave"));
}

TEST_F(ParticipantTest, ANodeWithoutRoomsLeavesAtOnce) {
  join_and_read();
  participant_.leave(now_);
  participant_.on_listed(kHere, {}, now_);
  EXPECT_THAT(world_.take(), ElementsAre("list 1", "leave"));
}

}  // namespace
}  // namespace heliograph::cluster
