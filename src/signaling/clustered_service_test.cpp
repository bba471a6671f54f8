// A Service whose rooms are shared with other nodes, and so are kept by none of its workers.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "signaling/service.hpp"
#include "signaling/testing/recording_outbox.hpp"

namespace heliograph::signaling {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

constexpr Address kSelf{5, 0};
constexpr Address kRooms{5, kClusterWorker};

class ClusteredServiceTest : public ::testing::Test {
 protected:
  void say(const std::string& text) {
    json::Outline outline;
    ASSERT_EQ(outline.parse(text, 32), json::Status::kOk);
    const Request request = parse_request(outline);
    const Service::Context context{request.payload, nullptr, 7, {}};
    std::visit(
        [&](const auto& command) {
          if constexpr (!std::is_same_v<std::decay_t<decltype(command)>, AuthRequest>) {
            service_.execute(ada_, command, context);
          }
        },
        std::get<Command>(request.command));
  }
  void relay_to(const PeerId& peer) {
    say(R"(["relay-message",{"room":"north","data":1,"to":")" +
        std::string(std::string_view(PeerIdText(peer))) + "\"}]");
  }

  void hear(WorkerMessage message) { service_.on_message(std::move(message), {}); }
  void update(Membership membership, Answers answers, std::string event = {}) {
    RoomUpdate update;
    update.to = {ada_};
    update.room = "north";
    update.membership = membership;
    update.answers = answers;
    update.event = std::move(event);
    hear(std::move(update));
  }
  // Ada is in the room.
  void enter() {
    say(R"(["room-create-request",{"room":"north"}])");
    update(Membership::kMember, Answers::kEntry);
    outbox_.posted.clear();
  }
  template <class Message>
  const Message& last_posted(Address to) {
    EXPECT_EQ(outbox_.posted.back().to, to);
    return std::get<Message>(outbox_.posted.back().message);
  }

  RecordingOutbox outbox_;
  Service service_{{.self = kSelf, .workers = 2, .is_clustered = true},
                   {.make_room_name = [] { return std::string("made-up"); },
                    .digests = [](std::string_view) { return std::vector{std::string("#")}; }},
                   {},
                   outbox_};
  const PeerId ada_ = service_.add_peer(1);
};

TEST_F(ClusteredServiceTest, AsksForRoomsWhereNodesShareThem) {
  for (const std::string room : {"north", "south", "east", "west"}) {
    say(R"(["room-create-request",{"room":")" + room + "\"}]");
    const auto& asked = last_posted<RoomRequest>(kRooms);
    EXPECT_EQ(asked.room, room);
    EXPECT_EQ(asked.from, ada_);
  }
  EXPECT_EQ(service_.room_count(), 0U);
  EXPECT_THAT(outbox_.events, IsEmpty());
}

TEST_F(ClusteredServiceTest, RelaysStraightToAnotherNode) {
  enter();
  const PeerId bob{{6, 3}, 1, 2};
  relay_to(bob);
  const auto& relay = last_posted<RemoteRelay>({6, 3});
  EXPECT_EQ(relay.to, bob);
  EXPECT_EQ(relay.ack, 7U);
  EXPECT_FALSE(relay.by_home);
  EXPECT_THAT(outbox_.answers, IsEmpty());
}

TEST_F(ClusteredServiceTest, RelaysNotToWorkersThatItsOwnNodeHasNot) {
  enter();
  relay_to({{5, 2}, 1, 2});
  EXPECT_THAT(outbox_.posted, IsEmpty());
  EXPECT_THAT(outbox_.answers, ElementsAre(HasSubstr("peer-not-in-room")));
  relay_to({{5, 1}, 1, 2});
  last_posted<RemoteRelay>({5, 1});
}

TEST_F(ClusteredServiceTest, RefusesWhatWouldGoToAWorkerThatIsTooFarBehind) {
  enter();
  outbox_.congested = Address{5, 1};
  relay_to({{5, 1}, 1, 2});
  say(R"(["relay-message",{"room":"north","data":1}])");
  EXPECT_THAT(outbox_.posted, IsEmpty());
  EXPECT_THAT(outbox_.answers,
              ElementsAre(HasSubstr("rate-limited"), HasSubstr(R"("retry_after_ms":1000)")));
  relay_to({{6, 3}, 1, 2});
  last_posted<RemoteRelay>({6, 3});
}

TEST_F(ClusteredServiceTest, RelaysFollowWhatWasAskedOfTheRoomBefore) {
  enter();
  const PeerId bob{{6, 3}, 1, 2};
  say(R"(["relay-message",{"room":"north","data":1}])");
  EXPECT_TRUE(last_posted<RoomRequest>(kRooms).wants_passed_on);
  relay_to(bob);
  EXPECT_TRUE(last_posted<RemoteRelay>(kRooms).by_home);
  hear(PassedOn{ada_, "north"});
  relay_to(bob);
  EXPECT_TRUE(last_posted<RemoteRelay>(kRooms).by_home);
  hear(PassedOn{ada_, "north"});
  hear(PassedOn{ada_, "north"});
  relay_to(bob);
  EXPECT_FALSE(last_posted<RemoteRelay>({6, 3}).by_home);
}

TEST_F(ClusteredServiceTest, TakesRelaysOfOtherNodesForMembersOnly) {
  RemoteRelay relay;
  relay.from = {{6, 3}, 1, 2};
  relay.to = ada_;
  relay.room = "north";
  relay.event = R"(["message",{}])";
  relay.ack = 9;
  hear(relay);
  EXPECT_THAT(outbox_.events, IsEmpty());
  EXPECT_THAT(last_posted<Acknowledgement>({6, 3}).arguments, HasSubstr("peer-not-in-room"));
  enter();
  hear(relay);
  EXPECT_THAT(outbox_.events, ElementsAre(relay.event));
  EXPECT_THAT(last_posted<Acknowledgement>({6, 3}).arguments, StartsWith(R"([{"ok":true)"));
}

// What is for a worker that its node does not have comes here, too.
TEST_F(ClusteredServiceTest, RefusesRelaysToPeersOfOtherWorkers) {
  RemoteRelay relay;
  relay.from = {{6, 3}, 1, 2};
  relay.to = {{5, 100}, ada_.slot, ada_.nonce};
  relay.room = "north";
  relay.ack = 9;
  enter();
  hear(relay);
  EXPECT_THAT(last_posted<Acknowledgement>({6, 3}).arguments, HasSubstr("peer-not-in-room"));
  EXPECT_THAT(outbox_.events, IsEmpty());
}

TEST_F(ClusteredServiceTest, WhoGoesLeavesItsRooms) {
  enter();
  service_.remove_peer(ada_, {});
  const auto& asked = last_posted<RoomRequest>(kRooms);
  ASSERT_TRUE(std::holds_alternative<room_action::Leave>(asked.action));
  EXPECT_TRUE(std::get<room_action::Leave>(asked.action).has_gone);
}

// --- a home that could not find out

TEST_F(ClusteredServiceTest, AnEntryOfWhichNothingIsKnownEndsAsIfItHadNotBeenAsked) {
  say(R"(["room-join-request",{"room":"north"}])");
  update(Membership::kUnchanged, Answers::kEntry, R"(["room-join-reject",{}])");
  EXPECT_THAT(outbox_.events, ElementsAre(R"(["room-join-reject",{}])"));
  outbox_.posted.clear();
  service_.remove_peer(ada_, {});
  EXPECT_THAT(outbox_.posted, IsEmpty());
}

TEST_F(ClusteredServiceTest, AMemberStaysOneWhereNothingIsKnown) {
  enter();
  say(R"(["room-create-request",{"room":"north"}])");
  update(Membership::kUnchanged, Answers::kEntry);
  relay_to({{6, 3}, 1, 2});
  last_posted<RemoteRelay>({6, 3});
}

TEST_F(ClusteredServiceTest, ALeaveOfWhichNothingIsKnownLeavesItInside) {
  enter();
  say(R"(["room-leave-request",{"room":"north"}])");
  relay_to({{6, 3}, 1, 2});
  EXPECT_THAT(outbox_.answers, ElementsAre(HasSubstr("not-in-room")));
  update(Membership::kUnchanged, Answers::kLeave);
  relay_to({{6, 3}, 1, 2});
  last_posted<RemoteRelay>({6, 3});
}

}  // namespace
}  // namespace heliograph::signaling
