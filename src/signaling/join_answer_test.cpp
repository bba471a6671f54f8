#include "signaling/testing/service_fixture.hpp"

namespace heliograph::signaling {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class JoinAnswerTest : public ServiceTest {
 protected:
  // Alice owns the room `north`, Bob is in it, Carol waits at the door, Dave has nothing to do
  // with it.
  void SetUp() override {
    connect({"alice", "bob", "carol", "dave"});
    gather("north", {"alice", "bob"});
    say("carol", R"(["room-join-request",{"room":"north"}])");
    heard("alice");
  }

  // That neither answer has an effect, and which error it has.
  void expect_refused(const std::string& name, std::string_view fields, std::string_view code) {
    for (const std::string answer : {"room-join-accept", "room-join-reject"}) {
      EXPECT_THAT(ask(name, "[\"" + answer + "\"," + std::string(fields) + "]"),
                  testing::HasSubstr("{\"ok\":false,\"error\":{\"code\":\"" + std::string(code)));
    }
    for (const char* peer : {"alice", "bob", "carol", "dave"}) {
      EXPECT_THAT(heard(peer), IsEmpty()) << peer;
    }
    EXPECT_EQ(ask("alice", R"(["room-join-accept",{"room":"north","peer_id":"@carol"}])"), kOk);
  }
};
INSTANTIATE_TEST_SUITE_P(Workers, JoinAnswerTest, testing::Values(1, 3));

TEST_P(JoinAnswerTest, AcceptTellsTheCandidateWhoIsThereAndTheOthersWhoHasCome) {
  EXPECT_EQ(ask("alice", R"(["room-join-accept",{"room":"north","peer_id":"@carol"}])"), kOk);
  EXPECT_THAT(heard("carol"),
              ElementsAre(R"(["room-join-accept",{"room":"north","peer_id":"@carol",)"
                          R"("peers":["@alice","@bob"],"peersinfo":{}}])"));
  const std::string joined = R"(["room-user-join",{"room":"north","peer_id":"@carol"}])";
  EXPECT_THAT(heard("alice"), ElementsAre(joined));
  EXPECT_THAT(heard("bob"), ElementsAre(joined));
  EXPECT_THAT(heard("dave"), IsEmpty());
}

TEST_P(JoinAnswerTest, PeerinfoAndPayloadComeAlong) {
  introduce("bob", R"({ "login":"bob" })");
  introduce("carol", R"("carol")");
  say("alice", R"(["room-join-accept",{"room":"north","to":"@carol","payload":[ 1 ]}])");
  EXPECT_THAT(heard("carol"),
              ElementsAre(R"(["room-join-accept",{"room":"north","peer_id":"@carol",)"
                          R"("peers":["@alice","@bob"],"peersinfo":{"@bob":{ "login":"bob" }},)"
                          R"("payload":[ 1 ]}])"));
  const std::string joined = R"(["room-user-join",{"room":"north","peer_id":"@carol",)"
                             R"("peerinfo":"carol","payload":[ 1 ]}])";
  EXPECT_THAT(heard("alice"), ElementsAre(joined));
  EXPECT_THAT(heard("bob"), ElementsAre(joined));
}

TEST_P(JoinAnswerTest, TheAcceptedIsAMemberButNoOwner) {
  say("alice", R"(["room-join-accept",{"room":"north","peer_id":"@carol"}])");
  EXPECT_EQ(
      ask("carol", R"(["relay-ice-candidate",{"room":"north","to":"@bob","ice_candidate":1}])"),
      kOk);
  EXPECT_EQ(
      ask("bob", R"(["relay-ice-candidate",{"room":"north","to":"@carol","ice_candidate":1}])"),
      kOk);
  say("dave", R"(["room-join-request",{"room":"north"}])");
  EXPECT_EQ(ask("carol", R"(["room-join-accept",{"room":"north","peer_id":"@dave"}])"),
            refusal("not-owner", "Only an owner of the room may do this"));
}

TEST_P(JoinAnswerTest, RejectTellsTheCandidateAndNobodyElse) {
  EXPECT_EQ(ask("alice", R"(["room-join-reject",{"room":"north","peer_id":"@carol","payload":0}])"),
            kOk);
  EXPECT_THAT(
      heard("carol"),
      ElementsAre(
          R"(["room-join-reject",{"room":"north","peer_id":"@carol",)"
          R"("message":"Room owner was rejected your request","code":"rejected-by-owner","payload":0}])"));
  EXPECT_THAT(heard("alice"), IsEmpty());
  EXPECT_THAT(heard("bob"), IsEmpty());
  EXPECT_EQ(
      ask("carol", R"(["relay-ice-candidate",{"room":"north","to":"@bob","ice_candidate":1}])"),
      refusal("not-in-room", "You are not in this room"));
}

TEST_P(JoinAnswerTest, TheRejectedMayAskAgain) {
  say("alice", R"(["room-join-reject",{"room":"north","peer_id":"@carol"}])");
  EXPECT_EQ(ask("carol", R"(["room-join-request",{"room":"north"}])"),
            R"([{"ok":true,"room":"north"}])");
  EXPECT_THAT(heard("alice"),
              ElementsAre(R"(["room-join-request",{"room":"north","peer_id":"@carol"}])"));
  EXPECT_EQ(ask("alice", R"(["room-join-accept",{"room":"north","peer_id":"@carol"}])"), kOk);
}

TEST_P(JoinAnswerTest, OnlyAnOwnerAnswers) {
  constexpr std::string_view kFields = R"({"room":"north","peer_id":"@carol"})";
  expect_refused("bob", kFields, "not-owner");
}

TEST_P(JoinAnswerTest, NeitherAStrangerNorTheCandidateAnswers) {
  constexpr std::string_view kFields = R"({"room":"north","peer_id":"@carol"})";
  for (const char* name : {"dave", "carol"}) {
    for (const std::string answer : {"room-join-accept", "room-join-reject"}) {
      EXPECT_EQ(ask(name, "[\"" + answer + "\"," + std::string(kFields) + "]"),
                refusal("not-owner", "Only an owner of the room may do this"));
    }
  }
  expect_refused("dave", kFields, "not-owner");
}

TEST_P(JoinAnswerTest, TheOwnerOfOneRoomIsNobodyInAnother) {
  gather("south", {"dave"});
  expect_refused("dave", R"({"room":"north","peer_id":"@carol"})", "not-owner");
}

TEST_P(JoinAnswerTest, OnlyWhoAskedIsAnswered) {
  expect_refused("alice", R"({"room":"north","peer_id":"@dave"})", "no-join-request");
}

TEST_P(JoinAnswerTest, AMemberIsNotTurnedAway) {
  EXPECT_THAT(ask("alice", R"(["room-join-reject",{"room":"north","peer_id":"@bob"}])"),
              testing::HasSubstr("no-join-request"));
  EXPECT_THAT(heard("bob"), IsEmpty());
}

TEST_P(JoinAnswerTest, AnOwnerDoesNotAcceptItself) {
  expect_refused("alice", R"({"room":"north","peer_id":"@alice"})", "no-join-request");
}

TEST_P(JoinAnswerTest, ARequestToOneRoomIsNoneToAnother) {
  gather("south", {"alice"});
  expect_refused("alice", R"({"room":"south","peer_id":"@carol"})", "no-join-request");
}

TEST_P(JoinAnswerTest, ARoomThatIsNotThereIsNotFound) {
  expect_refused("alice", R"({"room":"south","peer_id":"@carol"})", "room-not-found");
}

TEST_P(JoinAnswerTest, TextThatIsNoPeerIdHasNotAsked) {
  for (const char* peer : {"", "carol", "AAAAAAAAAAAAAAAAAAAA", "____________________",
                           "AAAAAAAAAAAAAAAAAAA=", "\\u0000", "north", "AAAA____AAAAAAAAAAAA"}) {
    EXPECT_EQ(ask("alice", std::string(R"(["room-join-accept",{"room":"north","peer_id":")") +
                               peer + "\"}]"),
              refusal("no-join-request", "The peer has not asked to join this room"))
        << peer;
  }
}

TEST_P(JoinAnswerTest, AnAnswerIsGivenOnce) {
  EXPECT_EQ(ask("alice", R"(["room-join-accept",{"room":"north","peer_id":"@carol"}])"), kOk);
  for (const char* peer : {"alice", "bob", "carol"}) heard(peer);
  EXPECT_EQ(ask("alice", R"(["room-join-reject",{"room":"north","peer_id":"@carol"}])"),
            refusal("no-join-request", "The peer has not asked to join this room"));
  EXPECT_THAT(heard("carol"), IsEmpty());
  EXPECT_THAT(heard("bob"), IsEmpty());
}

TEST_P(JoinAnswerTest, WrongArgumentsAreRefusedAndHaveNoEffect) {
  for (const char* fields : {R"({"room":"north"})", R"({"peer_id":"@carol"})",
                             R"({"room":"north","peer_id":["@carol"]})",
                             R"({"room":"north","to":"@dave","peer_id":"@carol"})", "7"}) {
    EXPECT_THAT(ask("alice", std::string("[\"room-join-accept\",") + fields + "]"),
                testing::HasSubstr("\"code\":\"invalid-arguments\""));
  }
  EXPECT_THAT(heard("carol"), IsEmpty());
}

TEST_P(JoinAnswerTest, AttachmentsGoWithThePayload) {
  const auto bytes = std::make_shared<const std::vector<std::string>>(1, "\x01\x02");
  say("alice",
      R"(["room-join-accept",)"
      R"({"room":"north","peer_id":"@carol","payload":{"_placeholder":true,"num":0}}])",
      bytes);
  for (const char* peer : {"alice", "bob", "carol"}) {
    const auto heard = listen(peer);
    ASSERT_EQ(heard.size(), 1U) << peer;
    EXPECT_EQ(heard[0].attachments, bytes) << peer;
  }
}

TEST_P(JoinAnswerTest, AnAcceptThatComesTwiceIsOkAndNobodyHearsOfItAgain) {
  constexpr std::string_view kAccept =
      R"(["room-join-accept",{"room":"north","peer_id":"@carol"}])";
  EXPECT_EQ(ask("alice", std::string(kAccept)), kOk);
  for (const char* peer : {"alice", "bob", "carol"}) heard(peer);
  EXPECT_EQ(ask("alice", std::string(kAccept)), kOk);
  for (const char* peer : {"alice", "bob", "carol"}) EXPECT_THAT(heard(peer), IsEmpty()) << peer;
}

}  // namespace
}  // namespace heliograph::signaling
