#include "signaling/testing/service_fixture.hpp"

namespace heliograph::signaling {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class LeavingTest : public ServiceTest {};
INSTANTIATE_TEST_SUITE_P(Workers, LeavingTest, testing::Values(1, 3));

TEST_P(LeavingTest, EveryRemainingMemberIsTold) {
  connect({"alice", "bob", "carol", "dave"});
  gather("north", {"alice", "bob", "carol"});
  gather("south", {"dave"});
  leave("bob");
  const std::string left = R"(["room-user-leave",{"room":"north","peer_id":"@bob"}])";
  EXPECT_THAT(heard("alice"), ElementsAre(left));
  EXPECT_THAT(heard("carol"), ElementsAre(left));
  EXPECT_THAT(heard("dave"), IsEmpty());
  EXPECT_EQ(node_.peer_count(), 3U);
}

TEST_P(LeavingTest, ThePeerinfoSaysWhoItWas) {
  connect({"alice", "bob"});
  introduce("bob", R"({ "login":"bob" })");
  gather("north", {"alice", "bob"});
  leave("bob");
  EXPECT_THAT(heard("alice"), ElementsAre(R"(["room-user-leave",{"room":"north",)"
                                          R"("peer_id":"@bob","peerinfo":{ "login":"bob" }}])"));
}

TEST_P(LeavingTest, ItIsToldForEachRoomToWhoIsInIt) {
  connect({"alice", "bob", "carol"});
  gather("north", {"alice", "bob"});
  gather("south", {"carol", "bob", "alice"});
  leave("bob");
  EXPECT_THAT(heard("alice"), testing::UnorderedElementsAre(
                                  R"(["room-user-leave",{"room":"north","peer_id":"@bob"}])",
                                  R"(["room-user-leave",{"room":"south","peer_id":"@bob"}])"));
  EXPECT_THAT(heard("carol"),
              ElementsAre(R"(["room-user-leave",{"room":"south","peer_id":"@bob"}])"));
}

TEST_P(LeavingTest, TheRoomGoesWithItsLastMember) {
  connect({"alice", "bob", "carol"});
  gather("north", {"alice", "bob"});
  leave("alice");
  EXPECT_EQ(node_.room_count(), 1U);
  leave("bob");
  EXPECT_EQ(node_.room_count(), 0U);
  EXPECT_EQ(ask("carol", R"(["room-join-request",{"room":"north"}])"),
            refusal("room-not-found", "Room is not found."));
}

TEST_P(LeavingTest, WhoWasInNoRoomGoesUnnoticed) {
  connect({"alice", "bob"});
  gather("north", {"alice"});
  leave("bob");
  EXPECT_THAT(heard("alice"), IsEmpty());
  EXPECT_EQ(node_.peer_count(), 1U);
}

TEST_P(LeavingTest, TheMembersLeftSpeakOnAndTheNextOneSeesThemOnly) {
  connect({"alice", "bob", "carol", "dave"});
  gather("north", {"alice", "bob", "carol"});
  leave("bob");
  EXPECT_EQ(
      ask("carol", R"(["relay-ice-candidate",{"room":"north","to":"@alice","ice_candidate":1}])"),
      kOk);
  say("dave", R"(["room-join-request",{"room":"north"}])");
  say("alice", R"(["room-join-accept",{"room":"north","peer_id":"@dave"}])");
  EXPECT_THAT(heard("dave"), ElementsAre(R"(["room-join-accept",{"room":"north","peer_id":"@dave",)"
                                         R"("peers":["@alice","@carol"],"peersinfo":{}}])"));
}

TEST_P(LeavingTest, LeavingTwiceIsLeavingOnce) {
  connect({"alice", "bob"});
  gather("north", {"alice", "bob"});
  leave("bob");
  leave("bob");
  EXPECT_THAT(heard("alice"), testing::SizeIs(1));
  EXPECT_EQ(node_.peer_count(), 1U);
}

TEST_P(LeavingTest, WhoHasGoneSaysNothingMore) {
  connect({"alice", "bob", "carol"});
  gather("north", {"alice", "bob"});
  say("carol", R"(["room-join-request",{"room":"north"}])");
  leave("alice");
  heard("bob");
  heard("carol");
  for (const char* event :
       {R"(["room-create-request",{"room":"south"}])", R"(["room-join-request",{"room":"north"}])",
        R"(["room-join-accept",{"room":"north","peer_id":"@carol"}])",
        R"(["room-join-accept",{"room":"north","peer_id":"carol"}])",
        R"(["relay-ice-candidate",{"room":"north","to":"@bob","ice_candidate":1}])"}) {
    EXPECT_EQ(ask("alice", event), "(no answer)") << event;
  }
  introduce("alice", "{}");
  EXPECT_THAT(heard("bob"), IsEmpty());
  EXPECT_THAT(heard("carol"), IsEmpty());
  EXPECT_EQ(node_.room_count(), 1U);
}

class SuccessionTest : public ServiceTest {
 protected:
  void SetUp() override { connect({"alice", "bob", "carol", "dave", "erin"}); }
};
INSTANTIATE_TEST_SUITE_P(Workers, SuccessionTest, testing::Values(1, 3));

TEST_P(SuccessionTest, TheLongestPresentMemberBecomesOwner) {
  gather("north", {"bob", "carol", "alice"});
  leave("bob");
  const std::string left = R"(["room-user-leave",{"room":"north","peer_id":"@bob"}])";
  const std::string owner = R"(["room-owner-change",{"room":"north","peer_id":"@carol"}])";
  EXPECT_THAT(heard("carol"), ElementsAre(left, owner));
  EXPECT_THAT(heard("alice"), ElementsAre(left, owner));
  EXPECT_THAT(heard("dave"), IsEmpty());
}

TEST_P(SuccessionTest, TheNewOwnerAnswersAndTheOthersDoNot) {
  gather("north", {"alice", "bob", "carol"});
  leave("alice");
  heard("bob");
  heard("carol");
  say("dave", R"(["room-join-request",{"room":"north"}])");
  EXPECT_THAT(heard("carol"), IsEmpty());
  EXPECT_THAT(heard("bob"),
              ElementsAre(R"(["room-join-request",{"room":"north","peer_id":"@dave"}])"));
  EXPECT_EQ(ask("carol", R"(["room-join-accept",{"room":"north","peer_id":"@dave"}])"),
            refusal("not-owner", "Only an owner of the room may do this"));
  EXPECT_EQ(ask("bob", R"(["room-join-accept",{"room":"north","peer_id":"@dave"}])"), kOk);
}

TEST_P(SuccessionTest, WhileAnOwnerIsThereNobodySucceeds) {
  gather("north", {"alice", "bob", "carol"});
  leave("bob");
  EXPECT_THAT(heard("alice"), ElementsAre(testing::HasSubstr("room-user-leave")));
  EXPECT_THAT(heard("carol"), ElementsAre(testing::HasSubstr("room-user-leave")));
}

TEST_P(SuccessionTest, PendingRequestsGoToTheNewOwnerInTheirOrder) {
  gather("north", {"alice", "bob", "carol"});
  introduce("erin", "\"E\"");
  say("erin", R"(["room-join-request",{"room":"north","payload":[ 1 ]}])");
  say("dave", R"(["room-join-request",{"room":"north"}])");
  leave("alice");
  EXPECT_THAT(
      heard("bob"),
      ElementsAre(
          R"(["room-user-leave",{"room":"north","peer_id":"@alice"}])",
          R"(["room-owner-change",{"room":"north","peer_id":"@bob"}])",
          R"(["room-join-request",{"room":"north","peer_id":"@erin","peerinfo":"E","payload":[ 1 ]}])",
          R"(["room-join-request",{"room":"north","peer_id":"@dave"}])"));
  EXPECT_THAT(heard("carol"), testing::SizeIs(2));
  EXPECT_THAT(heard("dave"), IsEmpty());
  EXPECT_EQ(ask("bob", R"(["room-join-accept",{"room":"north","peer_id":"@dave"}])"), kOk);
  EXPECT_EQ(ask("bob", R"(["room-join-reject",{"room":"north","peer_id":"@erin"}])"), kOk);
}

TEST_P(SuccessionTest, TheTimeOfAPendingRequestRunsOn) {
  gather("north", {"alice", "bob"});
  say("dave", R"(["room-join-request",{"room":"north"}])");
  wait(std::chrono::seconds(40));
  leave("alice");
  wait(std::chrono::seconds(20));
  EXPECT_THAT(heard("dave"), ElementsAre(testing::HasSubstr("in time")));
}

TEST_P(SuccessionTest, OwnersFollowOneAfterTheOther) {
  gather("north", {"alice", "bob", "carol", "dave"});
  say("erin", R"(["room-join-request",{"room":"north"}])");
  for (const char* name : {"alice", "bob", "carol"}) leave(name);
  EXPECT_THAT(heard("dave"),
              ElementsAre(testing::HasSubstr("room-user-leave"),
                          R"(["room-owner-change",{"room":"north","peer_id":"@bob"}])",
                          testing::HasSubstr("room-user-leave"),
                          R"(["room-owner-change",{"room":"north","peer_id":"@carol"}])",
                          testing::HasSubstr("room-user-leave"),
                          R"(["room-owner-change",{"room":"north","peer_id":"@dave"}])",
                          testing::HasSubstr("room-join-request")));
  leave("dave");
  EXPECT_THAT(heard("erin"), ElementsAre(testing::HasSubstr("Room is not found.")));
}

TEST_P(SuccessionTest, AttachmentsGoToTheNewOwnerToo) {
  const auto bytes = std::make_shared<const std::vector<std::string>>(1, "\x01\x02");
  gather("north", {"alice", "bob"});
  say("dave", R"(["room-join-request",{"room":"north","payload":{"_placeholder":true,"num":0}}])",
      bytes);
  leave("alice");
  const auto heard = listen("bob");
  ASSERT_EQ(heard.size(), 3U);
  EXPECT_EQ(heard[0].attachments, nullptr);
  EXPECT_EQ(heard[1].attachments, nullptr);
  EXPECT_EQ(heard[2].attachments, bytes);
}

TEST_P(LeavingTest, OnesOwnWishIsGrantedAndTheOthersAreTold) {
  connect({"alice", "bob", "carol"});
  gather("north", {"alice", "bob", "carol"});
  introduce("alice", R"("Alice")");
  EXPECT_EQ(ask("alice", R"(["room-leave-request",{"room":"north","payload":[1]}])"), kOk);
  EXPECT_THAT(heard("alice"), IsEmpty());
  for (const char* name : {"bob", "carol"}) {
    EXPECT_THAT(heard(name),
                ElementsAre(R"(["room-user-leave",{"room":"north","peer_id":"@alice",)"
                            R"("peerinfo":"Alice","payload":[1]}])",
                            R"(["room-owner-change",{"room":"north","peer_id":"@bob"}])"));
  }
  say("alice", R"(["room-join-request",{"room":"north"}])");
  EXPECT_THAT(heard("bob"), ElementsAre(testing::HasSubstr("room-join-request")));
}

// The answer to the first request may have been lost.
TEST_P(LeavingTest, IsGrantedTwiceButNotToWhoWasNeverThere) {
  connect({"alice", "bob"});
  gather("north", {"alice"});
  node_.emit("alice", R"(["room-leave-request",{"room":"north"}])", 101);
  node_.emit("alice", R"(["room-leave-request",{"room":"north"}])", 102);
  node_.settle();
  std::vector<std::string> answers;
  for (const Heard& heard : listen("alice")) answers.push_back(heard.arguments);
  EXPECT_THAT(answers, ElementsAre(kOk, kOk));
  EXPECT_EQ(ask("alice", R"(["room-leave-request",{"room":"north"}])"), kOk);
  const std::string refused = refusal("not-in-room", "You are not in this room");
  EXPECT_EQ(ask("bob", R"(["room-leave-request",{"room":"north"}])"), refused);
  EXPECT_EQ(ask("alice", R"(["room-leave-request",{"room":"south"}])"), refused);
}

TEST_P(LeavingTest, WhoeverLeavesMayNotBeSentToAnyMore) {
  connect({"alice", "bob"});
  gather("north", {"alice", "bob"});
  say("bob", R"(["room-leave-request",{"room":"north"}])");
  EXPECT_THAT(
      ask("alice", R"(["relay-ice-candidate",{"room":"north","to":"@bob","ice_candidate":1}])"),
      testing::HasSubstr("\"peer-not-in-room\""));
}

TEST_P(LeavingTest, OfTheLastOneClosesTheRoom) {
  connect({"alice", "bob"});
  gather("north", {"alice"});
  say("bob", R"(["room-join-request",{"room":"north"}])");
  say("alice", R"(["room-leave-request",{"room":"north"}])");
  EXPECT_THAT(heard("bob"), ElementsAre(testing::HasSubstr("Room is not found.")));
  EXPECT_EQ(node_.room_count(), 0U);
}

TEST_P(LeavingTest, ACandidateMayWithdrawItsRequest) {
  connect({"alice", "bob"});
  gather("north", {"alice"});
  say("bob", R"(["room-join-request",{"room":"north"}])");
  heard("alice");
  EXPECT_EQ(ask("bob", R"(["room-leave-request",{"room":"north"}])"), kOk);
  EXPECT_THAT(heard("alice"),
              ElementsAre(R"(["room-join-cancel",{"room":"north","peer_id":"@bob"}])"));
  EXPECT_THAT(ask("alice", R"(["room-join-accept",{"room":"north","to":"@bob"}])"),
              testing::HasSubstr("\"no-join-request\""));
  wait(std::chrono::hours(1));
  EXPECT_THAT(heard("bob"), IsEmpty());
}

}  // namespace
}  // namespace heliograph::signaling
