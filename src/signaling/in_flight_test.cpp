#include <algorithm>

#include "signaling/testing/service_fixture.hpp"

namespace heliograph::signaling {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// A room whose home is this worker of three.
std::string room_at(std::uint16_t home) {
  const auto other = static_cast<std::uint16_t>((home + 1) % 3);
  TestNode node(3);
  node.connect("probe", other);
  for (int i = 0;; ++i) {
    std::string room = "room " + std::to_string(i);
    node.emit("probe", R"(["room-join-request",{"room":")" + room + "\"}]");
    const bool found = !node.arrivals().empty() && node.arrivals().front().to == home;
    node.settle();
    if (found) return room;
  }
}

/// What happens while messages are on their way: the room's home is worker 0, where nobody lives.
/// Alice is on worker 1, Bob and Carol are on worker 2; Alice owns the room, Bob is its member.
class InFlightTest : public testing::Test {
 protected:
  static constexpr std::uint16_t kHome = 0;

  void SetUp() override {
    node_.connect("alice", 1);
    node_.connect("bob", 2);
    node_.connect("carol", 2);
    emit("alice", "room-create-request");
    node_.settle();
    enter("bob");
    forget();
  }

  // An event about the room, and perhaps a peer; its acknowledgement is heard as `ack: […]`.
  void emit(const std::string& name, const std::string& event, const std::string& peer = {}) {
    const std::string to = peer.empty() ? "" : R"(,"to":"@)" + peer + "\"";
    const std::string body = event == "relay-ice-candidate" ? R"(,"ice_candidate":1)" : "";
    node_.emit(name, "[\"" + event + R"(",{"room":")" + room_ + "\"" + to + body + "}]", 1);
  }

  void enter(const std::string& name) {
    emit(name, "room-join-request");
    node_.settle();
    emit("alice", "room-join-accept", name);
    node_.settle();
  }

  void leave(const std::string& name) { node_.disconnect(name); }

  // The next message from one worker reaches the other.
  void arrive(std::uint16_t from, std::uint16_t to) { node_.arrive({from, to}); }

  // What the peer has heard since, the room's name left out.
  std::vector<std::string> heard(const std::string& name) {
    std::vector<std::string> events;
    for (const Heard& heard : node_.take_heard(name)) {
      std::string text = (heard.ack ? "ack: " : "") + heard.arguments;
      const std::string room = R"("room":")" + room_ + "\"";
      if (const auto at = text.find(room); at != std::string::npos) text.erase(at, room.size());
      events.push_back(std::move(text));
    }
    return events;
  }

  void forget() {
    for (const char* name : {"alice", "bob", "carol"}) node_.take_heard(name);
  }

  TestNode node_{3};
  const std::string room_ = room_at(kHome);
};

TEST_F(InFlightTest, OfTwoCreatorsTheOneWhoseRequestArrivesFirstIsAccepted) {
  for (const auto& [first, second] : {std::pair{1, 2}, std::pair{2, 1}}) {
    TestNode node(3);
    node.connect("p1", 1);
    node.connect("p2", 2);
    for (const char* name : {"p1", "p2"}) {
      node.emit(name, R"(["room-create-request",{"room":")" + room_ + "\"}]");
    }
    node.arrive({static_cast<std::uint16_t>(first), kHome});
    node.arrive({static_cast<std::uint16_t>(second), kHome});
    node.settle();
    EXPECT_THAT(node.take_heard("p" + std::to_string(first)).at(0).arguments,
                HasSubstr("room-create-accept"));
    EXPECT_THAT(node.take_heard("p" + std::to_string(second)).at(0).arguments,
                HasSubstr("room-create-reject"));
  }
}

TEST_F(InFlightTest, ACreatorThatLeavesBeforeItsRequestArrivesLeavesNothing) {
  leave("alice");
  leave("bob");
  node_.settle();
  ASSERT_EQ(node_.room_count(), 0U);
  emit("carol", "room-create-request");
  leave("carol");
  arrive(2, kHome);
  EXPECT_EQ(node_.room_count(), 1U);
  node_.settle();
  EXPECT_EQ(node_.room_count(), 0U);
}

TEST_F(InFlightTest, ACandidateThatLeavesBeforeItsRequestArrivesCannotBeLetIn) {
  emit("carol", "room-join-request");
  leave("carol");
  node_.settle();
  EXPECT_THAT(heard("alice"),
              ElementsAre(HasSubstr("room-join-request"), HasSubstr("room-join-cancel")));
  emit("alice", "room-join-accept", "carol");
  node_.settle();
  EXPECT_THAT(heard("alice"), ElementsAre(HasSubstr("no-join-request")));
  EXPECT_THAT(heard("bob"), IsEmpty());
}

TEST_F(InFlightTest, ACandidateMayLeaveBeforeTheOwnersAnswerArrives) {
  emit("carol", "room-join-request");
  node_.settle();
  forget();
  emit("alice", "room-join-accept", "carol");
  leave("carol");
  arrive(2, kHome);
  node_.settle();
  EXPECT_THAT(heard("alice"),
              ElementsAre(HasSubstr("room-join-cancel"), HasSubstr("no-join-request")));
  EXPECT_THAT(heard("bob"), IsEmpty());
}

TEST_F(InFlightTest, ACandidateThatLeavesBeforeItHearsOfItsAdmissionIsSeenToComeAndGo) {
  emit("carol", "room-join-request");
  node_.settle();
  forget();
  emit("alice", "room-join-accept", "carol");
  arrive(1, kHome);
  leave("carol");
  node_.settle();
  EXPECT_THAT(heard("bob"), ElementsAre(R"(["room-user-join",{,"peer_id":"@carol"}])",
                                        R"(["room-user-leave",{,"peer_id":"@carol"}])"));
  EXPECT_THAT(heard("alice"), ElementsAre(HasSubstr("room-user-join"), "ack: [{\"ok\":true}]",
                                          HasSubstr("room-user-leave")));
}

TEST_F(InFlightTest, ARequestThatArrivesAfterTheOwnerLeftGoesToTheNextOne) {
  emit("carol", "room-join-request");
  leave("alice");
  arrive(1, kHome);
  node_.settle();
  EXPECT_THAT(heard("bob"),
              ElementsAre(HasSubstr("room-user-leave"), HasSubstr("room-owner-change"),
                          R"(["room-join-request",{,"peer_id":"@carol"}])"));
}

TEST_F(InFlightTest, ARequestThatTheOwnerNeverSawGoesToTheNextOne) {
  emit("carol", "room-join-request");
  arrive(2, kHome);
  leave("alice");
  node_.settle();
  EXPECT_THAT(heard("bob"),
              ElementsAre(HasSubstr("room-user-leave"), HasSubstr("room-owner-change"),
                          R"(["room-join-request",{,"peer_id":"@carol"}])"));
}

TEST_F(InFlightTest, ARequestThatArrivesAfterTheRoomWentIsRejected) {
  leave("alice");
  leave("bob");
  arrive(1, kHome);
  arrive(2, kHome);
  emit("carol", "room-join-request");
  node_.settle();
  EXPECT_THAT(
      heard("carol"),
      ElementsAre(
          R"(["room-join-reject",{"message":"Room is not found.","code":"room-not-found"}])",
          HasSubstr("room-not-found")));
}

TEST_F(InFlightTest, WhomTheLastMemberLetInBeforeItLeftOwnsTheRoom) {
  leave("bob");
  node_.settle();
  emit("carol", "room-join-request");
  node_.settle();
  forget();
  emit("alice", "room-join-accept", "carol");
  leave("alice");
  node_.settle();
  EXPECT_THAT(heard("carol"), ElementsAre(HasSubstr(R"("peers":["@alice"])"),
                                          R"(["room-user-leave",{,"peer_id":"@alice"}])",
                                          R"(["room-owner-change",{,"peer_id":"@carol"}])"));
  EXPECT_EQ(node_.room_count(), 1U);
}

TEST_F(InFlightTest, AnAnswerThatArrivesAfterTheTimeIsOverComesTooLate) {
  emit("carol", "room-join-request");
  node_.settle();
  forget();
  emit("alice", "room-join-accept", "carol");
  node_.pass_time(std::chrono::seconds(60));
  node_.expire();
  node_.settle();
  EXPECT_THAT(heard("alice"),
              ElementsAre(HasSubstr("room-join-cancel"), HasSubstr("no-join-request")));
  EXPECT_THAT(heard("carol"), ElementsAre(HasSubstr("in time")));
}

TEST_F(InFlightTest, WhoAsksAgainBeforeItHearsOfItsRejectionHasAskedAgain) {
  emit("carol", "room-join-request");
  node_.settle();
  forget();
  emit("alice", "room-join-reject", "carol");
  arrive(1, kHome);
  emit("carol", "room-join-request");
  node_.settle();
  EXPECT_THAT(heard("carol"), ElementsAre(HasSubstr("room-join-reject"), HasSubstr("\"ok\":true")));
  forget();
  emit("alice", "room-join-accept", "carol");
  node_.settle();
  EXPECT_THAT(heard("carol"), ElementsAre(HasSubstr("room-join-accept")));
}

TEST_F(InFlightTest, ACandidateThatAsksAgainBeforeItHearsOfItsAdmissionHearsOfItTwice) {
  emit("carol", "room-join-request");
  node_.settle();
  forget();
  emit("alice", "room-join-accept", "carol");
  arrive(1, kHome);
  emit("carol", "room-join-request");
  node_.settle();
  EXPECT_THAT(heard("carol"), ElementsAre(HasSubstr("room-join-accept"),
                                          HasSubstr("room-join-accept"), HasSubstr("\"ok\":true")));
  emit("carol", "relay-ice-candidate", "alice");
  node_.settle();
  EXPECT_THAT(heard("carol"), ElementsAre("ack: [{\"ok\":true}]"));
}

TEST_F(InFlightTest, ARelayThatFollowsAnAdmissionIsNeverRefused) {
  node_.connect("dave", 0);  // at home: the first to hear
  emit("dave", "room-join-request");
  node_.settle();
  forget();
  heard("dave");
  emit("alice", "room-join-accept", "dave");
  arrive(1, kHome);
  emit("dave", "relay-ice-candidate", "bob");
  emit("dave", "relay-ice-candidate", "alice");
  arrive(0, 1);  // Alice sees Dave come before Bob does
  emit("alice", "relay-ice-candidate", "dave");
  node_.settle();
  for (const char* name : {"alice", "bob"}) {
    EXPECT_THAT(heard(name),
                testing::IsSupersetOf({HasSubstr("room-user-join"),
                                       HasSubstr(R"(["ice-candidate",{,"peer_id":"@dave")")}))
        << name;
  }
  EXPECT_THAT(heard("dave"),
              testing::UnorderedElementsAre(HasSubstr("room-join-accept"),
                                            HasSubstr(R"(["ice-candidate",{,"peer_id":"@alice")"),
                                            "ack: [{\"ok\":true}]", "ack: [{\"ok\":true}]"));
}

TEST_F(InFlightTest, ARelayToAPeerThatHasJustLeftIsRefused) {
  emit("alice", "relay-ice-candidate", "bob");
  leave("bob");
  node_.settle();
  EXPECT_THAT(heard("alice"), testing::UnorderedElementsAre(HasSubstr("peer-not-in-room"),
                                                            HasSubstr("room-user-leave")));
}

TEST_F(InFlightTest, ARelayOfAPeerThatHasJustLeftArrivesBeforeItsLeave) {
  emit("bob", "relay-ice-candidate", "alice");
  leave("bob");
  arrive(2, kHome);
  EXPECT_THROW(arrive(kHome, 1), std::logic_error);  // worker_message.hpp: it may not overtake
  node_.settle();
  EXPECT_THAT(heard("alice"),
              ElementsAre(HasSubstr("ice-candidate"), HasSubstr("room-user-leave")));
}

TEST_F(InFlightTest, WhoTakesAPeersPlaceGetsNothingThatWasForIt) {
  emit("carol", "room-join-request");
  node_.settle();
  emit("alice", "room-join-accept", "carol");
  arrive(1, kHome);
  emit("alice", "relay-ice-candidate", "bob");
  leave("bob");
  leave("carol");
  for (const char* name : {"dave", "erin"}) {
    node_.connect(name, 2);
    ASSERT_LE(node_.id(name).slot, 1U);
  }
  node_.settle();
  EXPECT_THAT(heard("dave"), IsEmpty());
  EXPECT_THAT(heard("erin"), IsEmpty());
}

TEST_F(InFlightTest, PeerinfoThatChangesAfterTheRequestIsWhatCounts) {
  node_.set_peerinfo("carol", "1");
  emit("carol", "room-join-request");
  node_.set_peerinfo("carol", "2");
  node_.settle();
  emit("alice", "room-join-accept", "carol");
  node_.settle();
  EXPECT_THAT(heard("bob"),
              ElementsAre(R"(["room-user-join",{,"peer_id":"@carol","peerinfo":2}])"));
}

TEST_F(InFlightTest, EverybodyMayGoAtOnce) {
  emit("carol", "room-join-request");
  emit("alice", "relay-ice-candidate", "bob");
  for (const char* name : {"alice", "bob", "carol"}) leave(name);
  node_.settle();
  EXPECT_EQ(node_.peer_count(), 0U);
  EXPECT_EQ(node_.room_count(), 0U);
  EXPECT_EQ(node_.deadline(), base::TimePoint::max());
}

class OvertakingTest : public InFlightTest {
 protected:
  void SetUp() override {
    InFlightTest::SetUp();
    emit("carol", "room-join-request");
    node_.settle();
    forget();
  }

  void send_candidate(int number) {
    node_.emit("alice", R"(["relay-ice-candidate",{"room":")" + room_ +
                            R"(","to":"@carol","ice_candidate":)" + std::to_string(number) + "}]");
  }

  // Whatever goes from Alice's worker to Carol's arrives before anything that goes by the home.
  void hurry() {
    const auto is_direct = [](const TestNode::Link& link) {
      return link.from == 1 && link.to == 2;
    };
    while (std::ranges::any_of(node_.arrivals(), is_direct)) arrive(1, 2);
  }
};

TEST_F(OvertakingTest, WhatAnOwnerSendsRightAfterItsAcceptComesAfterIt) {
  emit("alice", "room-join-accept", "carol");
  send_candidate(1);
  hurry();
  node_.settle();
  EXPECT_THAT(heard("carol"),
              ElementsAre(HasSubstr("room-join-accept"), HasSubstr(R"("ice_candidate":1)")));
}

TEST_F(OvertakingTest, TheOrderHoldsWhenTheShorterWayIsFreeAgain) {
  emit("alice", "room-join-accept", "carol");
  send_candidate(1);
  arrive(1, kHome);  // the accept
  arrive(kHome, 1);  // it has been passed on; the candidate has not
  send_candidate(2);
  hurry();
  node_.settle();
  send_candidate(3);
  hurry();
  node_.settle();
  EXPECT_THAT(heard("carol"),
              ElementsAre(HasSubstr("room-join-accept"), HasSubstr(R"("ice_candidate":1)"),
                          HasSubstr(R"("ice_candidate":2)"), HasSubstr(R"("ice_candidate":3)")));
}

TEST_F(OvertakingTest, OnceAllIsPassedOnRelaysGoStraightAgain) {
  emit("alice", "room-join-accept", "carol");
  node_.settle();
  send_candidate(1);
  ASSERT_EQ(node_.arrivals().size(), 1U);
  EXPECT_EQ(node_.arrivals().front().to, 2);
}

// The room's home may be far, and slow: see ../cluster.
TEST_F(OvertakingTest, AQuestionAndARequestToMuteHoldNothingUp) {
  emit("alice", "room-join-accept", "carol");
  node_.settle();
  forget();
  emit("alice", "room-info-request");
  node_.emit("alice",
             R"(["room-mute-request",{"room":")" + room_ + R"(","to":"@bob","kind":"audio"}])");
  emit("alice", "room-kick-request", "bob");
  send_candidate(1);
  hurry();
  EXPECT_THAT(heard("carol"), ElementsAre(HasSubstr(R"("ice_candidate":1)")));
  node_.settle();
}

TEST_F(OvertakingTest, ARefusedAnswerHoldsNothingUp) {
  emit("alice", "room-join-accept", "bob");  // has not asked
  send_candidate(1);                         // Carol is not in the room
  node_.settle();
  EXPECT_THAT(heard("carol"), IsEmpty());
  emit("alice", "room-join-accept", "carol");
  node_.settle();
  send_candidate(2);
  hurry();
  EXPECT_THAT(heard("carol"),
              ElementsAre(HasSubstr("room-join-accept"), HasSubstr(R"("ice_candidate":2)")));
}

}  // namespace
}  // namespace heliograph::signaling
