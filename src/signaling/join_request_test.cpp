#include "signaling/testing/service_fixture.hpp"

namespace heliograph::signaling {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class JoinRequestTest : public ServiceTest {};
INSTANTIATE_TEST_SUITE_P(Workers, JoinRequestTest, testing::Values(1, 3));

TEST_P(JoinRequestTest, TheOwnerIsAskedAndNobodyElse) {
  connect({"alice", "bob", "carol"});
  gather("north", {"alice", "bob"});
  EXPECT_EQ(ask("carol", R"(["room-join-request",{"room":"north"}])"),
            R"([{"ok":true,"room":"north"}])");
  EXPECT_THAT(heard("alice"),
              ElementsAre(R"(["room-join-request",{"room":"north","peer_id":"@carol"}])"));
  EXPECT_THAT(heard("bob"), IsEmpty());
  EXPECT_THAT(heard("carol"), IsEmpty());
}

TEST_P(JoinRequestTest, TheOwnerSeesPeerinfoAndPayloadByteForByte) {
  connect({"alice", "bob"});
  gather("north", {"alice"});
  introduce("bob", R"({ "login" : "b\u00f6b" })");
  say("bob", R"(["room-join-request",{"room":"north","payload":[ 1e0, "\/" ]}])");
  EXPECT_THAT(heard("alice"),
              ElementsAre(R"(["room-join-request",{"room":"north","peer_id":"@bob",)"
                          R"("peerinfo":{ "login" : "b\u00f6b" },"payload":[ 1e0, "\/" ]}])"));
}

TEST_P(JoinRequestTest, ARoomThatIsNotThereIsNotFound) {
  connect({"bob"});
  EXPECT_EQ(ask("bob", R"(["room-join-request",{"room":"north","payload":7}])"),
            refusal("room-not-found", "Room is not found."));
  EXPECT_THAT(
      heard("bob"),
      ElementsAre(
          R"(["room-join-reject",{"message":"Room is not found.","code":"room-not-found","payload":7}])"));
  EXPECT_EQ(node_.room_count(), 0U);
}

// A client sends a request again if it has not heard the answer.
TEST_P(JoinRequestTest, AMemberThatAsksAgainIsLetInAgainAndNobodyElseHearsOfIt) {
  connect({"alice", "bob"});
  gather("north", {"alice", "bob"});
  say("alice", R"(["room-update-request",{"room":"north","locked":true,"capacity":2}])");
  heard("alice");
  heard("bob");
  EXPECT_EQ(ask("bob", R"(["room-join-request",{"room":"north","payload":7}])"),
            R"([{"ok":true,"room":"north"}])");
  EXPECT_THAT(heard("bob"), ElementsAre(R"(["room-join-accept",{"room":"north","peer_id":"@bob",)"
                                        R"("peers":["@alice"],"peersinfo":{},"payload":7}])"));
  EXPECT_EQ(ask("alice", R"(["room-join-request",{"room":"north"}])"),
            R"([{"ok":true,"room":"north"}])");
  EXPECT_THAT(heard("alice"), ElementsAre(testing::StartsWith(R"(["room-join-accept")")));
  EXPECT_THAT(heard("bob"), IsEmpty());
}

TEST_P(JoinRequestTest, ACandidateIsNotInTheRoomYet) {
  connect({"alice", "bob", "carol"});
  gather("north", {"alice", "bob"});
  say("carol", R"(["room-join-request",{"room":"north"}])");
  EXPECT_EQ(
      ask("carol", R"(["relay-ice-candidate",{"room":"north","to":"@alice","ice_candidate":1}])"),
      refusal("not-in-room", "You are not in this room"));
  EXPECT_EQ(
      ask("alice", R"(["relay-ice-candidate",{"room":"north","to":"@carol","ice_candidate":1}])"),
      refusal("peer-not-in-room", "The peer is not in this room"));
  EXPECT_THAT(heard("carol"), IsEmpty());
}

TEST_P(JoinRequestTest, WhoAsksAgainHasTheOwnerAskedAgainWithWhatItSaysNow) {
  connect({"alice", "bob"});
  gather("north", {"alice"});
  say("bob", R"(["room-join-request",{"room":"north","payload":1}])");
  say("bob", R"(["room-join-request",{"room":"north","payload":2}])");
  wait(std::chrono::seconds(2));
  EXPECT_THAT(
      heard("alice"),
      ElementsAre(R"(["room-join-request",{"room":"north","peer_id":"@bob","payload":1}])",
                  R"(["room-join-request",{"room":"north","peer_id":"@bob","payload":2}])"));
  EXPECT_EQ(ask("alice", R"(["room-join-accept",{"room":"north","peer_id":"@bob"}])"), kOk);
  EXPECT_EQ(ask("alice", R"(["room-join-reject",{"room":"north","peer_id":"@bob"}])"),
            refusal("no-join-request", "The peer has not asked to join this room"));
  EXPECT_THAT(heard("bob"), ElementsAre(R"(["room-join-accept",{"room":"north","peer_id":"@bob",)"
                                        R"("peers":["@alice"],"peersinfo":{}}])"));
}

TEST_P(JoinRequestTest, NobodyAnswersAfterTheTimeIsOver) {
  connect({"alice", "bob"});
  gather("north", {"alice"});
  say("bob", R"(["room-join-request",{"room":"north","payload":{"n":1}}])");
  wait(std::chrono::milliseconds(59'999));
  EXPECT_THAT(heard("bob"), IsEmpty());
  wait(std::chrono::milliseconds(1));
  EXPECT_THAT(
      heard("bob"),
      ElementsAre(
          R"(["room-join-reject",{"room":"north","peer_id":"@bob",)"
          R"("message":"No owner of the room answered your request in time","code":"join-request-timeout",)"
          R"("payload":{"n":1}}])"));
  EXPECT_EQ(ask("alice", R"(["room-join-accept",{"room":"north","peer_id":"@bob"}])"),
            refusal("no-join-request", "The peer has not asked to join this room"));
  wait(std::chrono::hours(1));
  EXPECT_THAT(heard("bob"), IsEmpty());
}

TEST_P(JoinRequestTest, AskingAgainDoesNotProlongTheTime) {
  connect({"alice", "bob"});
  gather("north", {"alice"});
  say("bob", R"(["room-join-request",{"room":"north","payload":1}])");
  wait(std::chrono::seconds(40));
  say("bob", R"(["room-join-request",{"room":"north","payload":2}])");
  wait(std::chrono::seconds(20));
  EXPECT_THAT(heard("bob"), ElementsAre(testing::HasSubstr("\"payload\":2")));
  wait(std::chrono::hours(1));
  EXPECT_THAT(heard("bob"), IsEmpty());
}

TEST_P(JoinRequestTest, AfterARejectionTheTimeOfANewRequestBeginsAnew) {
  connect({"alice", "bob"});
  gather("north", {"alice"});
  say("bob", R"(["room-join-request",{"room":"north"}])");
  wait(std::chrono::seconds(40));
  say("alice", R"(["room-join-reject",{"room":"north","peer_id":"@bob"}])");
  say("bob", R"(["room-join-request",{"room":"north"}])");
  heard("bob");
  wait(std::chrono::seconds(59));
  EXPECT_THAT(heard("bob"), IsEmpty());
  wait(std::chrono::seconds(1));
  EXPECT_THAT(heard("bob"), ElementsAre(testing::HasSubstr("in time")));
}

TEST_P(JoinRequestTest, TheDeadlineIsThatOfTheFirstUnanswered) {
  connect({"alice", "bob", "carol"});
  gather("north", {"alice"});
  EXPECT_EQ(node_.deadline(), base::TimePoint::max());
  say("bob", R"(["room-join-request",{"room":"north"}])");
  const auto first = node_.now() + std::chrono::seconds(60);
  EXPECT_EQ(node_.deadline(), first);
  wait(std::chrono::seconds(10));
  say("carol", R"(["room-join-request",{"room":"north"}])");
  EXPECT_EQ(node_.deadline(), first);
  wait(std::chrono::seconds(50));
  EXPECT_EQ(node_.deadline(), first + std::chrono::seconds(10));
  wait(std::chrono::seconds(10));
  EXPECT_EQ(node_.deadline(), base::TimePoint::max());
}

TEST_P(JoinRequestTest, WhatIsAnsweredIsWaitedForNoMore) {
  connect({"alice", "bob", "carol", "dave"});
  gather("north", {"alice"});
  gather("south", {"dave"});
  say("bob", R"(["room-join-request",{"room":"north"}])");
  say("bob", R"(["room-join-request",{"room":"south"}])");
  say("carol", R"(["room-join-request",{"room":"north"}])");
  say("carol", R"(["room-join-request",{"room":"south"}])");
  say("alice", R"(["room-join-accept",{"room":"north","peer_id":"@bob"}])");
  say("alice", R"(["room-join-reject",{"room":"north","peer_id":"@carol"}])");
  leave("bob");
  EXPECT_NE(node_.deadline(), base::TimePoint::max());
  leave("dave");
  EXPECT_EQ(node_.deadline(), base::TimePoint::max());
}

TEST_P(JoinRequestTest, ARoomThatGoesRejectsWhoWaits) {
  connect({"alice", "bob", "carol"});
  gather("north", {"alice"});
  say("bob", R"(["room-join-request",{"room":"north","payload":"b"}])");
  say("carol", R"(["room-join-request",{"room":"north"}])");
  leave("alice");
  EXPECT_THAT(
      heard("bob"),
      ElementsAre(R"(["room-join-reject",{"room":"north","peer_id":"@bob",)"
                  R"("message":"Room is not found.","code":"room-not-found","payload":"b"}])"));
  EXPECT_THAT(heard("carol"),
              ElementsAre(R"(["room-join-reject",{"room":"north","peer_id":"@carol",)"
                          R"("message":"Room is not found.","code":"room-not-found"}])"));
  EXPECT_EQ(node_.room_count(), 0U);
  wait(std::chrono::hours(1));
  EXPECT_THAT(heard("bob"), IsEmpty());
}

TEST_P(JoinRequestTest, ACandidateThatLeavesIsForgotten) {
  connect({"alice", "bob"});
  gather("north", {"alice"});
  say("bob", R"(["room-join-request",{"room":"north"}])");
  heard("alice");
  leave("bob");
  EXPECT_THAT(heard("alice"),
              ElementsAre(R"(["room-join-cancel",{"room":"north","peer_id":"@bob"}])"));
  EXPECT_EQ(ask("alice", R"(["room-join-accept",{"room":"north","peer_id":"@bob"}])"),
            refusal("no-join-request", "The peer has not asked to join this room"));
  wait(std::chrono::hours(1));
  EXPECT_THAT(heard("alice"), IsEmpty());
}

TEST_P(JoinRequestTest, AttachmentsGoWithThePayload) {
  const auto bytes = std::make_shared<const std::vector<std::string>>(1, "\x01\x02");
  connect({"alice", "bob"});
  gather("north", {"alice"});
  say("bob", R"(["room-join-request",{"room":"north","payload":{"_placeholder":true,"num":0}}])",
      bytes);
  const auto asked = listen("alice");
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_EQ(asked[0].attachments, bytes);
  wait(std::chrono::minutes(2));
  const auto rejected = listen("bob");
  ASSERT_EQ(rejected.size(), 1U);
  EXPECT_THAT(rejected[0].arguments, testing::HasSubstr("_placeholder"));
  EXPECT_EQ(rejected[0].attachments, bytes);
}

}  // namespace
}  // namespace heliograph::signaling
