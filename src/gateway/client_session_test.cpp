#include "gateway/client_session.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/testing/client_session_fixture.hpp"

namespace heliograph::gateway::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::Not;
using ::testing::StartsWith;

TEST_F(ClientSessionTest, ConnectsWithAnAppToken) {
  TestClient client = open();
  client.say(connect(app_token()));
  EXPECT_THAT(client.heard(), ElementsAre(MatchesRegex(R"(0\{"sid":"[A-Za-z0-9_-]+"\})")));
  EXPECT_FALSE(client.closed());
}

TEST_F(ClientSessionTest, ReadsTheTokenAsJavaScriptWould) {
  TestClient client = open();
  std::string token = app_token();
  token.replace(0, 1, "\\u0065");
  client.say(R"(0{"other":[{"token":1}], "token" : "wrong", "tok\u0065n":")" + token + "\"}");
  EXPECT_THAT(client.heard(), ElementsAre(StartsWith("0{")));
}

TEST_F(ClientSessionTest, RefusesToConnectWithoutAGoodToken) {
  const std::string session_token = tokens_.issue_session("test", "x", 2'000'000'000);
  const std::string forged = auth::Tokens("another secret of thirty-two bytes").issue_app("test");
  for (const std::string& packet :
       {std::string("0"), std::string("0{}"), std::string(R"(0{"token":null})"),
        std::string(R"(0{"token":["x"]})"), std::string(R"(0{"token":"\ud800"})"), connect(""),
        connect("x"), connect(session_token), connect(forged), connect(app_token() + "x")}) {
    TestClient client = open();
    client.say(packet);
    EXPECT_THAT(client.heard(),
                ElementsAre(R"(4{"message":"Token is not valid","data":{"code":"unauthorized"}})"))
        << packet;
    EXPECT_FALSE(client.closed());
    client.say(connect(app_token()));
    EXPECT_THAT(client.heard(), ElementsAre(StartsWith("0{"))) << "it may try again";
  }
}

TEST_F(ClientSessionTest, RefusesEveryOtherNamespace) {
  TestClient client = open();
  client.say(R"(0/admin,{"token":")" + app_token() + "\"}");
  client.say("0/a\"b,");
  EXPECT_THAT(
      client.heard(),
      ElementsAre(R"(4/admin,{"message":"Invalid namespace","data":{"code":"invalid-namespace"}})",
                  R"(4/a"b,{"message":"Invalid namespace","data":{"code":"invalid-namespace"}})"));
  EXPECT_FALSE(client.closed());
}

TEST_F(ClientSessionTest, IsClosedWhenItDoesNotConnectInTime) {
  settings_.connect_timeout = std::chrono::milliseconds(700);
  TestClient client = open();
  const base::TimePoint due = now_.steady + std::chrono::milliseconds(700);
  EXPECT_EQ(client.deadline(), due);
  client.say(connect("wrong"));
  client.say("0/other,");
  EXPECT_EQ(client.deadline(), due) << "a refusal gives it no more time";
  client.say(connect(app_token()));
  EXPECT_EQ(client.deadline(), base::TimePoint::max());
}

TEST_F(ClientSessionTest, MayDisconnectAndConnectAgainAsAnotherPeer) {
  TestClient client = signed_in();
  TestClient other = signed_in();
  meet(client, other);
  const std::string first_id = client.id();
  const std::string first_token = client.token();
  client.say("1");
  EXPECT_THAT(client.heard(), IsEmpty());
  EXPECT_THAT(other.heard(),
              ElementsAre(AllOf(StartsWith(R"(2["room-user-leave")"), HasSubstr(first_id)),
                          StartsWith(R"(2["room-owner-change")")));
  EXPECT_EQ(client.deadline(), now_.steady + settings_.connect_timeout);

  client.say(connect(app_token()));
  EXPECT_THAT(client.heard(), ElementsAre(AllOf(StartsWith("0{"), Not(HasSubstr(first_id)))));
  client.say(R"(2["room-create-request",{"auth":")" + first_token + "\"}]");
  EXPECT_THAT(client.heard(), ElementsAre(kUnauthorized)) << "the token was the first peer's";
  client.sign_in();
  EXPECT_EQ(client.closed(), CloseReason::kRepeatedConnect);
}

TEST_F(ClientSessionTest, BreaksTheProtocolWithWhatIsNotForAConnectedNamespace) {
  for (const std::string_view packet :
       {R"(2["auth-request",{}])", "1", R"(2/admin,["x"])", "1/admin,", R"(51-["x"])"}) {
    TestClient client = open();
    client.say(packet);
    if (packet.starts_with('5')) client.say_binary("x");
    EXPECT_EQ(client.closed(), CloseReason::kEventBeforeConnect) << packet;
    EXPECT_THAT(client.heard(), IsEmpty());
  }
}

TEST_F(ClientSessionTest, NamesAParserThatIsNotItsOwn) {
  TestClient msgpack = open();
  msgpack.say_binary("\x82\xa4type\x00");
  EXPECT_EQ(msgpack.closed(), CloseReason::kParserNotSupported);
  TestClient json = open();
  json.say(R"({"type":0,"nsp":"/"})");
  EXPECT_EQ(json.closed(), CloseReason::kParserNotSupported);
}

TEST_F(ClientSessionTest, BreaksTheProtocolWithMalformedPackets) {
  for (const std::string_view packet :
       {"", "7", "x", "2", "2{}", "2[]", "2[1]", R"(2["a")", R"(2["disconnect"])", "2[\"\xff\"]",
        "0[]", "3", "3[]", "51-", R"(5["x"])", R"(51-["x",{"_placeholder":true,"num":1}])",
        R"(599-["x"])", R"(4{"message":"x"})", "1{}"}) {
    TestClient client = signed_in();
    client.say(packet);
    EXPECT_EQ(client.closed(), CloseReason::kMalformedPacket) << packet;
    EXPECT_THAT(client.heard(), IsEmpty());
  }
  TestClient client = signed_in();
  client.say_binary("out of the blue");
  EXPECT_EQ(client.closed(), CloseReason::kMalformedPacket);
}

TEST_F(ClientSessionTest, AcknowledgesWithTheIdItWasGiven) {
  TestClient client = signed_in();
  client.emit("room-create-request", R"(,"room":"r")", "18446744073709551615");
  EXPECT_THAT(client.heard(), ElementsAre(R"(2["room-create-accept",{"room":"r"}])",
                                          R"(318446744073709551615[{"ok":true,"room":"r"}])"));
  client.emit("room-create-request", R"(,"room":5)", "0");
  client.emit("no-such-event", {}, "1");
  client.say(R"(22["no-such-event"])");
  EXPECT_THAT(client.heard(),
              ElementsAre(HasSubstr("invalid-arguments"), HasSubstr("unknown-event"),
                          error_ack("2", "unknown-event", "There is no such event")));
  client.emit("no-such-event");
  client.emit("room-create-request", R"(,"room":5)");
  EXPECT_THAT(client.heard(), IsEmpty());
  EXPECT_FALSE(client.closed());
}

TEST_F(ClientSessionTest, AcknowledgementsFromAClientAreDropped) {
  TestClient client = signed_in();
  client.say(R"(31["x"])");
  client.say(R"(61-1["x",{"_placeholder":true,"num":0}])");
  client.say_binary("x");
  EXPECT_THAT(client.heard(), IsEmpty());
  EXPECT_FALSE(client.closed());
}

TEST_F(ClientSessionTest, RelaysAttachmentsWithTheirPlaceholdersIntact) {
  TestClient owner = signed_in();
  TestClient guest = signed_in();
  meet(owner, guest);
  owner.say(R"(52-["relay-session-description",{"auth":")" + owner.token() +
            R"(","room":"r","to":")" + guest.id() +
            R"(","session_description":{"num":1,"_placeholder":true},)" +
            R"("payload":[ {"_placeholder":true,"num":0}]}])");
  owner.say_binary("first");
  EXPECT_THAT(guest.heard(), IsEmpty());
  owner.say_binary(std::string_view("\0\xff", 2));
  EXPECT_THAT(guest.heard(),
              ElementsAre(R"(52-["session-description",{"room":"r","peer_id":")" + owner.id() +
                              R"(","session_description":{"num":1,"_placeholder":true},)" +
                              R"("payload":[ {"_placeholder":true,"num":0}]}])",
                          "binary first", std::string("binary \0\xff", 9)));
}

TEST_F(ClientSessionTest, AnEventThatIsTooLargeIsRefusedAndItsAttachmentsWithIt) {
  settings_.limits.max_event_bytes = 1'000;
  TestClient client = signed_in();
  const std::string_view refused =
      "3"
      R"(8[{"ok":false,"error":{"code":"event-too-large",)"
      R"("message":"The event is larger than this server takes"}}])";
  client.emit("room-create-request", R"(,"room":")" + std::string(1'000, 'x') + "\"", "8");
  EXPECT_THAT(client.heard(), ElementsAre(StartsWith(R"(2["room-create-reject")"), refused));
  client.say(R"(52-8["x",{"_placeholder":true,"num":0}])");
  client.say_binary(std::string(1'000, 'x'));
  client.say_binary("swallowed");
  EXPECT_THAT(client.heard(), ElementsAre(refused));
  client.emit("room-create-request", R"(,"room":"r")");
  EXPECT_THAT(client.heard(), ElementsAre(StartsWith(R"(2["room-create-accept")")));
}

TEST_F(ClientSessionTest, AnEventThatIsNestedTooDeeplyIsRefused) {
  settings_.limits.max_json_depth = 5;
  TestClient client = signed_in();
  client.emit("room-create-request", R"(,"payload":[[[]]])", "1");
  EXPECT_THAT(client.heard().front(), StartsWith(R"(2["room-create-accept")"));
  client.emit("room-create-request", R"(,"payload":[[[[]]]])", "1");
  EXPECT_THAT(client.heard(), ElementsAre(StartsWith(R"(2["room-create-reject")"),
                                          error_ack("1", "json-too-deep",
                                                    "The event's JSON is nested too deeply")));
  EXPECT_FALSE(client.closed());
}

TEST_F(ClientSessionTest, EventsHaveARate) {
  settings_.limits.events = {.per_second = 2, .burst = 6};
  TestClient client = signed_in();  // a CONNECT and an auth-request
  for (int i = 0; i < 4; ++i) client.emit("room-create-request");
  EXPECT_EQ(client.heard().size(), 4U);
  const auto refused = StartsWith(R"(31[{"ok":false,"error":{"code":"rate-limited")");
  client.emit("room-create-request", {}, "1");
  EXPECT_THAT(client.heard(), ElementsAre(refused));
  client.say(R"(21["x",[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]])");
  EXPECT_THAT(client.heard(), ElementsAre(refused)) << "one that is refused anyway counts as well";
  client.say(R"(21["x",")" + std::string(70'000, 'x') + "\"]");
  EXPECT_THAT(client.heard(), ElementsAre(refused));
  pass(std::chrono::seconds(1));
  for (int i = 0; i < 3; ++i) client.emit("room-create-request");
  EXPECT_EQ(client.heard().size(), 2U);
  EXPECT_FALSE(client.closed());
}

TEST_F(ClientSessionTest, AttemptsToConnectHaveTheSameRate) {
  settings_.limits.events = {.per_second = 1, .burst = 3};
  TestClient client = open();
  for (int i = 0; i < 3; ++i) client.say(connect("wrong"));
  EXPECT_FALSE(client.closed());
  client.say(connect("wrong"));
  EXPECT_EQ(client.closed(), CloseReason::kTooManyConnects);
  EXPECT_EQ(client.heard().size(), 3U);
}

TEST_F(ClientSessionTest, ItsPeersAreToldWhenItsSessionEnds) {
  TestClient owner = signed_in();
  TestClient guest = signed_in();
  meet(owner, guest);
  guest.leave();
  EXPECT_THAT(owner.heard(),
              ElementsAre(AllOf(StartsWith(R"(2["room-user-leave")"), HasSubstr(guest.id()))));
  owner.emit("relay-ice-candidate", R"(,"room":"r","to":")" + guest.id() + R"(","ice_candidate":1)",
             "1");
  EXPECT_THAT(owner.heard(), ElementsAre(HasSubstr("peer-not-in-room")));
}

}  // namespace
}  // namespace heliograph::gateway::testing
