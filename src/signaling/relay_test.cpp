#include "signaling/testing/service_fixture.hpp"

namespace heliograph::signaling {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::string kNotInRoom = refusal("not-in-room", "You are not in this room");
const std::string kPeerNotInRoom = refusal("peer-not-in-room", "The peer is not in this room");

class RelayTest : public MeetingTest {
 protected:
  // Dave has a room of his own.
  void SetUp() override {
    MeetingTest::SetUp();
    gather("south", {"dave"});
  }

  static std::string code_in(const std::string& arguments) {
    const std::size_t code = arguments.find(R"("code":")");
    return arguments.substr(code, arguments.find(',', code) - code);
  }

  // That a relay of this kind is refused so, and nobody hears of it.
  void expect_refused(const std::string& from, std::string_view fields, const std::string& why) {
    for (const std::string event : {R"(["relay-session-description",{"session_description":"o",)",
                                    R"(["relay-ice-candidate",{"ice_candidate":"c",)"}) {
      EXPECT_EQ(code_in(ask(from, event + std::string(fields) + "}]")), code_in(why))
          << from << fields;
    }
    for (const char* peer : {"alice", "bob", "carol", "dave"}) {
      EXPECT_THAT(heard(peer), IsEmpty()) << peer;
    }
  }
};
INSTANTIATE_TEST_SUITE_P(Workers, RelayTest, testing::Values(1, 3));

TEST_P(RelayTest, ASessionDescriptionGoesToItsTargetAlone) {
  EXPECT_EQ(ask("alice", R"(["relay-session-description",{"room":"north","to":"@bob",)"
                         R"("session_description":{"type":"offer","sdp":"v=0\r\n"}}])"),
            kOk);
  EXPECT_THAT(heard("bob"),
              ElementsAre(R"(["session-description",{"room":"north","peer_id":"@alice",)"
                          R"("session_description":{"type":"offer","sdp":"v=0\r\n"}}])"));
  EXPECT_THAT(heard("alice"), IsEmpty());
  EXPECT_THAT(heard("carol"), IsEmpty());
}

TEST_P(RelayTest, AnIceCandidateGoesToItsTargetAlone) {
  EXPECT_EQ(ask("bob", R"(["relay-ice-candidate",{"room":"north","peer_id":"@carol",)"
                       R"("ice_candidate":{"candidate":"c","sdpMLineIndex":0}}])"),
            kOk);
  EXPECT_THAT(heard("carol"),
              ElementsAre(R"(["ice-candidate",{"room":"north","peer_id":"@bob",)"
                          R"("ice_candidate":{"candidate":"c","sdpMLineIndex":0}}])"));
  EXPECT_THAT(heard("alice"), IsEmpty());
  EXPECT_THAT(heard("bob"), IsEmpty());
}

TEST_P(RelayTest, WhoAsksForNoAcknowledgementHearsNothing) {
  say("alice", R"(["relay-ice-candidate",{"room":"north","to":"@bob","ice_candidate":1}])");
  say("alice", R"(["relay-ice-candidate",{"room":"south","to":"@bob","ice_candidate":1}])");
  say("alice", R"(["relay-ice-candidate",{"room":"north","to":"@dave","ice_candidate":1}])");
  EXPECT_THAT(heard("alice"), IsEmpty());
  EXPECT_THAT(heard("bob"), testing::SizeIs(1));
}

TEST_P(RelayTest, BodyPeerinfoAndPayloadPassByteForByte) {
  introduce("alice", "{ \"login\"\t: \"\\u00e9\" }");
  say("alice",
      "[\"relay-ice-candidate\",{\"payload\" : {\"b\":1.50,\"a\":-0e0} , \"to\":\"@bob\", "
      "\"ice_candidate\": {\"z\" :\"\\/\\ud83d\\ude80\",\n\"z\":1E400 } "
      ",\"room\":\"nort\\u0068\"}]");
  EXPECT_THAT(heard("bob"),
              ElementsAre("[\"ice-candidate\",{\"room\":\"north\",\"peer_id\":\"@alice\","
                          "\"ice_candidate\":{\"z\" :\"\\/\\ud83d\\ude80\",\n\"z\":1E400 },"
                          "\"peerinfo\":{ \"login\"\t: \"\\u00e9\" },"
                          "\"payload\":{\"b\":1.50,\"a\":-0e0}}]"));
}

TEST_P(RelayTest, ANullBodyIsABody) {
  say("alice", R"(["relay-ice-candidate",{"room":"north","to":"@bob","ice_candidate":null}])");
  EXPECT_THAT(
      heard("bob"),
      ElementsAre(R"(["ice-candidate",{"room":"north","peer_id":"@alice","ice_candidate":null}])"));
}

TEST_P(RelayTest, AttachmentsGoAlong) {
  const auto bytes = std::make_shared<const std::vector<std::string>>(1, "\x01\x02");
  say("alice",
      R"(["relay-ice-candidate",)"
      R"({"room":"north","to":"@bob","ice_candidate":{"_placeholder":true,"num":0}}])",
      bytes);
  const auto heard = listen("bob");
  ASSERT_EQ(heard.size(), 1U);
  EXPECT_EQ(heard[0].attachments, bytes);
}

TEST_P(RelayTest, MessagesKeepTheirOrder) {
  for (int i = 0; i < 4; ++i) {
    node_.emit("alice", R"(["relay-ice-candidate",{"room":"north","to":"@bob","ice_candidate":)" +
                            std::to_string(i) + "}]");
  }
  node_.settle();
  const auto events = heard("bob");
  ASSERT_EQ(events.size(), 4U);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_THAT(events[i], testing::HasSubstr("\"ice_candidate\":" + std::to_string(i)));
  }
}

TEST_P(RelayTest, TheSenderMustBeInTheRoom) {
  expect_refused("dave", R"("room":"north","to":"@alice")", kNotInRoom);
}

TEST_P(RelayTest, TheTargetMustBeInTheRoom) {
  expect_refused("alice", R"("room":"north","to":"@dave")", kPeerNotInRoom);
}

TEST_P(RelayTest, BothMustBeInThatVeryRoom) {
  gather("east", {"alice", "dave"});
  expect_refused("alice", R"("room":"east","to":"@bob")", kPeerNotInRoom);
  expect_refused("dave", R"("room":"north","to":"@alice")", kNotInRoom);
  expect_refused("bob", R"("room":"east","to":"@alice")", kNotInRoom);
}

TEST_P(RelayTest, ARoomThatIsNotThereHasNobodyInIt) {
  expect_refused("alice", R"("room":"west","to":"@bob")", kNotInRoom);
  expect_refused("alice", R"("room":"","to":"@bob")", kNotInRoom);
}

TEST_P(RelayTest, ARoomIsNotATarget) {
  expect_refused("alice", R"("room":"north","to":"north")", kPeerNotInRoom);
}

TEST_P(RelayTest, APeerThatHasGoneIsNotInTheRoom) {
  leave("carol");
  heard("alice");
  heard("bob");
  connect({"carol2"});
  node_.connect("carol3", node_.id("carol").home.worker);  // in Carol's place
  for (const std::string from : {"alice", "bob"}) {
    EXPECT_EQ(
        ask(from, R"(["relay-ice-candidate",{"room":"north","to":"@carol","ice_candidate":1}])"),
        kPeerNotInRoom);
  }
  EXPECT_THAT(heard("carol2"), IsEmpty());
  EXPECT_THAT(heard("carol3"), IsEmpty());
}

TEST_P(RelayTest, TextThatNamesNoPeerReachesNobody) {
  std::vector<std::string> texts = {"",
                                    "bob",
                                    "@bob ",
                                    "@bobA",
                                    "*",
                                    "AAAAAAAAAAAAAAAAAAAA",
                                    "____________________",
                                    "====================",
                                    "\\u0000"};
  const PeerId bob = node_.id("bob");
  for (PeerId made_up : {bob, bob, bob, bob, bob, bob}) {
    switch (texts.size() - 9) {
      case 0:
        made_up.nonce ^= 1;
        break;
      case 1:
        made_up.slot = 0xFFFFFFFF;
        break;
      case 2:
        made_up.slot = 1'000'000;
        break;
      case 3:
        made_up.home.worker = node_.worker_count();
        break;
      case 4:
        made_up.home.worker = 0xFFFF;
        break;
      default:
        made_up.home.node = 0xFFFFFF;
        break;
    }
    texts.emplace_back(PeerIdText(made_up));
  }
  for (const std::string& text : texts) {
    expect_refused("alice", R"("room":"north","to":")" + text + "\"", kPeerNotInRoom);
  }
}

TEST_P(RelayTest, AMemberMaySpeakToItself) {
  EXPECT_EQ(
      ask("alice", R"(["relay-ice-candidate",{"room":"north","to":"@alice","ice_candidate":1}])"),
      kOk);
  EXPECT_THAT(
      heard("alice"),
      ElementsAre(R"(["ice-candidate",{"room":"north","peer_id":"@alice","ice_candidate":1}])"));
  EXPECT_THAT(heard("bob"), IsEmpty());
}

TEST_P(RelayTest, WrongArgumentsReachNobody) {
  for (const char* fields :
       {R"("room":"north","to":["@bob"])", R"("room":"north","to":["@bob","@carol"])",
        R"("room":"north","to":{"id":"@bob"})", R"("room":"north","to":null)",
        R"("room":"north","to":"@bob","peer_id":"@carol")", R"("room":["north"],"to":"@bob")",
        R"("to":"@bob")", R"("room":"north")"}) {
    expect_refused("alice", fields,
                   refusal("invalid-arguments",
                           "An argument is missing, of the wrong type or contradicts another"));
  }
}

}  // namespace
}  // namespace heliograph::signaling
