#include "signaling/testing/service_fixture.hpp"

namespace heliograph::signaling {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class MessageTest : public MeetingTest {};
INSTANTIATE_TEST_SUITE_P(Workers, MessageTest, testing::Values(1, 3));

TEST_P(MessageTest, WithoutAReceiverGoesToAllOtherMembers) {
  introduce("alice", R"({"name":"Alice"})");
  EXPECT_EQ(ask("alice", R"(["relay-message",{"room":"north","data":{ "x": 1.0 },"payload":2}])"),
            kOk);
  const std::string message =
      R"(["message",{"room":"north","peer_id":"@alice","data":{ "x": 1.0 },)"
      R"("peerinfo":{"name":"Alice"},"payload":2}])";
  EXPECT_THAT(heard("bob"), ElementsAre(message));
  EXPECT_THAT(heard("carol"), ElementsAre(message));
  EXPECT_THAT(heard("alice"), IsEmpty());
  EXPECT_THAT(heard("dave"), IsEmpty());
}

TEST_P(MessageTest, WithAReceiverGoesToThatOneOnly) {
  EXPECT_EQ(ask("alice", R"(["relay-message",{"room":"north","to":"@carol","data":"hi"}])"), kOk);
  EXPECT_THAT(heard("carol"),
              ElementsAre(R"(["message",{"room":"north","peer_id":"@alice","data":"hi"}])"));
  EXPECT_THAT(heard("bob"), IsEmpty());
}

TEST_P(MessageTest, IsForMembersOnly) {
  for (const char* fields : {R"("room":"north","data":1)", R"("room":"nowhere","data":1)",
                             R"("room":"north","to":"@alice","data":1)"}) {
    EXPECT_THAT(ask("dave", R"(["relay-message",{)" + std::string(fields) + "}]"),
                HasSubstr("\"not-in-room\""));
  }
  EXPECT_THAT(ask("alice", R"(["relay-message",{"room":"north","to":"@dave","data":1}])"),
              HasSubstr("\"peer-not-in-room\""));
  EXPECT_THAT(ask("alice", R"(["relay-message",{"room":"north"}])"),
              HasSubstr("\"invalid-arguments\""));
  EXPECT_THAT(ask("alice", R"(["relay-message",{"data":1}])"), HasSubstr("\"invalid-arguments\""));
  EXPECT_THAT(ask("alice", R"(["relay-message",{"room":"north","to":null,"data":1}])"),
              HasSubstr("\"invalid-arguments\""));
  for (const char* peer : {"alice", "bob", "carol", "dave"}) {
    EXPECT_THAT(heard(peer), IsEmpty()) << peer;
  }
}

TEST_P(MessageTest, AttachmentsComeAlong) {
  const auto bytes = std::make_shared<const std::vector<std::string>>(1, "\x01\x02");
  say("alice", R"(["relay-message",{"room":"north","data":{"_placeholder":true,"num":0}}])", bytes);
  for (const char* name : {"bob", "carol"}) {
    const std::vector<Heard> all = listen(name);
    ASSERT_EQ(all.size(), 1U) << name;
    EXPECT_EQ(all[0].attachments, bytes) << name;
  }
}

TEST_P(MessageTest, AlonePeersMayTalkToThemselves) {
  gather("south", {"dave"});
  EXPECT_EQ(ask("dave", R"(["relay-message",{"room":"south","data":1}])"), kOk);
  EXPECT_THAT(heard("dave"), IsEmpty());
}

// From one peer to another, broadcasts and relays arrive in the order in which they were sent.
TEST_P(MessageTest, ARelayDoesNotOvertakeTheBroadcastBeforeIt) {
  node_.emit("bob", R"(["relay-message",{"room":"north","data":1}])");
  node_.emit("bob", R"(["relay-message",{"room":"north","to":"@carol","data":2}])");
  node_.emit("bob", R"(["relay-message",{"room":"north","data":3}])");
  while (!node_.arrivals().empty()) node_.arrive(node_.arrivals().back());
  EXPECT_THAT(heard("carol"), ElementsAre(HasSubstr("\"data\":1"), HasSubstr("\"data\":2"),
                                          HasSubstr("\"data\":3")));
}

}  // namespace
}  // namespace heliograph::signaling
