#include "signaling/relays.hpp"

#include <optional>
#include <string>
#include <variant>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.hpp"
#include "signaling/testing/recording_outbox.hpp"

namespace heliograph::signaling {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr Homes kHomes{.self = {5, 0}, .workers = 2, .is_clustered = true};

Limits limits() {
  Limits limits;
  limits.relay_bytes = {.per_second = 1, .burst = 10};
  limits.room_bytes = {.per_second = 1, .burst = 10};
  return limits;
}

// Ada and Bob live here and are in the room.
class RelaysTest : public testing::Test {
 protected:
  RelaysTest() {
    for (const PeerId& peer : {ada_, bob_}) {
      Relation& relation = peers_.find(peer)->relations.emplace_back();
      relation.room = "north";
      relation.membership = Membership::kMember;
      relation.members = 2;
    }
  }
  Relation& relation_of_ada() { return *peers_.find(ada_)->find("north"); }

  void relay_to(const PeerId& to) {
    const std::string id{std::string_view(PeerIdText(to))};
    const std::string text =
        R"(["relay-message",{"room":"north","data":{"n":1},"to":")" + id + "\"}]";
    json::Outline outline;
    ASSERT_EQ(outline.parse(text, 32), json::Status::kOk);
    const Request request = parse_request(outline);
    relays_.execute(ada_, std::get<Relay>(std::get<Command>(request.command)), context_);
  }
  std::optional<room_action::Broadcast> broadcast() {
    json::Outline outline;
    EXPECT_EQ(outline.parse(R"(["relay-message",{"room":"north","data":1}])", 32),
              json::Status::kOk);
    const Request request = parse_request(outline);
    return relays_.broadcast(*peers_.find(ada_),
                             std::get<Broadcast>(std::get<Command>(request.command)), context_);
  }

  RecordingOutbox outbox_;
  Peers peers_{kHomes.self};
  Relays relays_{kHomes, limits(), peers_, outbox_};
  const PeerId ada_ = peers_.add(1).id;
  const PeerId bob_ = peers_.add(2).id;
  CommandContext context_{.payload = {}, .attachments = {}, .ack = 7, .now = {}};
};

TEST_F(RelaysTest, ToANeighbourAreDeliveredAtOnce) {
  relay_to(bob_);
  const std::string ada{std::string_view(PeerIdText(ada_))};
  EXPECT_THAT(outbox_.events, ElementsAre(R"(["message",{"room":"north","peer_id":")" + ada +
                                          R"(","data":{"n":1}}])"));
  EXPECT_THAT(outbox_.answers, ElementsAre(R"([{"ok":true}])"));
}

TEST_F(RelaysTest, ToAnotherWorkerGoThereUnlessTheyMustNotBeEarly) {
  const PeerId eve{{5, 1}, 0, 3};
  relay_to(eve);
  EXPECT_EQ(outbox_.posted.at(0).to, eve.home);
  EXPECT_FALSE(std::get<RemoteRelay>(outbox_.posted.at(0).message).by_home);
  RoomRequest request = own_request("north", room_action::Describe{});
  relays_.keep_behind(request, *peers_.find(ada_));
  EXPECT_TRUE(request.wants_passed_on);
  const PeerId cat{{5, 1}, 0, 4};
  relay_to(cat);
  EXPECT_EQ(outbox_.posted.at(1).to, kHomes.of_room("north"));
  EXPECT_TRUE(std::get<RemoteRelay>(outbox_.posted.at(1).message).by_home);
}

TEST_F(RelaysTest, GoStraightAgainWhenAllHasBeenPassedOn) {
  RoomRequest request = own_request("north", room_action::Describe{});
  relays_.keep_behind(request, *peers_.find(ada_));
  relays_.on_passed_on({ada_, "north"});
  relays_.on_passed_on({ada_, "north"});
  EXPECT_EQ(relation_of_ada().under_way, 0U);
  relay_to(bob_);
  EXPECT_EQ(outbox_.events.size(), 1U);
}

TEST_F(RelaysTest, AreRefusedToPeersThatCannotBeInTheRoom) {
  relay_to({{5, 2}, 0, 3});
  relay_to({kHomes.self, 9, 9});
  EXPECT_THAT(outbox_.answers,
              ElementsAre(HasSubstr("peer-not-in-room"), HasSubstr("peer-not-in-room")));
  EXPECT_THAT(outbox_.events, IsEmpty());
}

TEST_F(RelaysTest, AreRefusedWhenTheBudgetForTheTargetIsUsedUp) {
  relay_to(bob_);
  relay_to(bob_);
  EXPECT_THAT(outbox_.answers, ElementsAre(HasSubstr("true"), HasSubstr("rate-limited")));
}

TEST_F(RelaysTest, ABroadcastCostsTheBudgetForRooms) {
  const auto first = broadcast();
  ASSERT_TRUE(first);
  EXPECT_THAT(first->event, HasSubstr(R"(["message",{"room":"north")"));
  EXPECT_FALSE(broadcast());
  EXPECT_THAT(outbox_.answers, ElementsAre(HasSubstr("rate-limited")));
}

TEST_F(RelaysTest, ABroadcastIsRefusedIfAnyWorkerIsTooFarBehind) {
  outbox_.congested = Address{5, 1};
  EXPECT_FALSE(broadcast());
  EXPECT_THAT(outbox_.answers, ElementsAre(HasSubstr("rate-limited")));
}

TEST_F(RelaysTest, FromAfarAreForMembersOnly) {
  RemoteRelay relay;
  relay.from = {{5, 1}, 0, 3};
  relay.to = bob_;
  relay.room = "north";
  relay.event = "[]";
  relay.ack = 9;
  EXPECT_THAT(std::get<Acknowledgement>(*relays_.deliver(relay)).arguments, HasSubstr("true"));
  EXPECT_THAT(outbox_.events, ElementsAre("[]"));
  relay.room = "south";
  EXPECT_THAT(std::get<Acknowledgement>(*relays_.deliver(relay)).arguments,
              HasSubstr("peer-not-in-room"));
  relay.ack.reset();
  EXPECT_FALSE(relays_.deliver(relay));
}

}  // namespace
}  // namespace heliograph::signaling
