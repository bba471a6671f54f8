#include "signaling/command.hpp"

#include <string>

#include <gtest/gtest.h>

namespace heliograph::signaling {
namespace {

constexpr PeerId kPeer{.home = {.node = 1, .worker = 2}, .slot = 3, .nonce = 4};
const std::string kPeerText{std::string_view(PeerIdText(kPeer))};

class ParseRequest : public testing::Test {
 protected:
  Request parse(std::string_view text) {
    text_ = text;
    EXPECT_EQ(outline_.parse(text_, 32), json::Status::kOk) << text;
    return parse_request(outline_);
  }

  // The command of an event, as this type; a default one and a failure where it is another.
  template <typename T>
  T parse_as(std::string_view text) {
    Request request = parse(text);
    auto* command = std::get_if<Command>(&request.command);
    T* wanted = command ? std::get_if<T>(command) : nullptr;
    EXPECT_NE(wanted, nullptr) << text;
    return wanted ? std::move(*wanted) : T{};
  }

  // The same of an action on the room `north`.
  template <typename Action>
  Action parse_action(std::string_view text) {
    const auto command = parse_as<ActOnRoom>(text);
    EXPECT_EQ(command.room.view(), "north");
    const Action* const action = std::get_if<Action>(&command.action);
    EXPECT_NE(action, nullptr) << text;
    return action ? *action : Action{};
  }

  std::optional<Error> error_of(std::string_view text) {
    const Request request = parse(text);
    const auto* error = std::get_if<Refusal>(&request.command);
    return error ? std::optional(error->error) : std::nullopt;
  }

  std::optional<std::string> auth_of(std::string_view text) {
    const Request request = parse(text);
    return request.auth ? std::optional<std::string>(request.auth->view()) : std::nullopt;
  }

  void expect_invalid(std::string_view text) {
    EXPECT_EQ(error_of(text), Error::kInvalidArguments) << text;
  }

 private:
  std::string text_;
  json::Outline outline_;
};

TEST_F(ParseRequest, ReadsEachEventOfTheTable) {
  const auto create = parse_as<CreateRoom>(R"(["room-create-request",{"room":"north"}])");
  EXPECT_EQ(create.room.view(), "north");

  const auto join = parse_as<JoinRoom>(R"(["room-join-request",{"room":"north"}])");
  EXPECT_EQ(join.room.view(), "north");

  const std::string about_peer = R"(",{"room":"north","peer_id":")" + kPeerText + "\"";
  const auto accept =
      parse_action<room_action::AnswerJoin>("[\"room-join-accept" + about_peer + "}]");
  EXPECT_EQ(accept.answer, Answer::kAccept);
  EXPECT_EQ(accept.candidate, kPeer);

  const auto reject =
      parse_action<room_action::AnswerJoin>("[\"room-join-reject" + about_peer + "}]");
  EXPECT_EQ(reject.answer, Answer::kReject);

  const auto kick =
      parse_action<room_action::Kick>("[\"room-kick-request" + about_peer + R"(,"ban":true}])");
  EXPECT_EQ(kick.peer, kPeer);
  EXPECT_TRUE(kick.ban);

  const auto mute =
      parse_action<room_action::Mute>("[\"room-mute-request" + about_peer + R"(,"kind":"video"}])");
  EXPECT_EQ(mute.peer, kPeer);
  EXPECT_EQ(mute.kind, MediaKind::kVideo);

  const auto description = parse_as<Relay>(
      R"(["relay-session-description",{"room":"north","to":"p","session_description":{"sdp":""}}])");
  EXPECT_EQ(description.kind, RelayKind::kSessionDescription);
  EXPECT_EQ(description.room.view(), "north");
  EXPECT_EQ(description.to.view(), "p");
  EXPECT_EQ(description.body, R"({"sdp":""})");

  const auto candidate =
      parse_as<Relay>(R"(["relay-ice-candidate",{"room":"north","to":"p","ice_candidate":"c"}])");
  EXPECT_EQ(candidate.kind, RelayKind::kIceCandidate);
  EXPECT_EQ(candidate.body, R"("c")");
}

TEST_F(ParseRequest, EveryEventButAuthRequestNeedsAuth) {
  for (const char* name :
       {"room-create-request", "room-join-request", "room-join-accept", "room-join-reject",
        "relay-session-description", "relay-ice-candidate"}) {
    EXPECT_TRUE(parse(std::string("[\"") + name + "\",{}]").needs_auth) << name;
  }
  EXPECT_FALSE(parse(R"(["auth-request",{}])").needs_auth);
}

TEST_F(ParseRequest, FindsTheSessionTokenAndThePayloadBesideTheCommand) {
  constexpr std::string_view kEvent =
      R"(["room-create-request", {"payload" : { "b":1.0, "a":"\u00e9" } ,"auth":"s3cret"}])";
  EXPECT_EQ(auth_of(kEvent), "s3cret");
  EXPECT_EQ(parse(kEvent).payload, R"({ "b":1.0, "a":"\u00e9" })");
}

TEST_F(ParseRequest, TheyAreThereForInvalidArgumentsToo) {
  constexpr std::string_view kEvent =
      R"(["room-join-request",{"room":7,"auth":"s3cret","payload":null}])";
  EXPECT_EQ(error_of(kEvent), Error::kInvalidArguments);
  EXPECT_EQ(auth_of(kEvent), "s3cret");
  EXPECT_EQ(parse(kEvent).payload, "null");
}

TEST_F(ParseRequest, AnAbsentPayloadIsEmpty) {
  EXPECT_EQ(parse(R"(["room-create-request",{"room":"north"}])").payload, "");
}

TEST_F(ParseRequest, AuthThatIsNoStringIsNoAuth) {
  for (const char* auth : {"null", "7", "true", "[\"s3cret\"]", "{}", R"("\ud800")"}) {
    const std::string event = std::string(R"(["room-create-request",{"auth":)") + auth + "}]";
    EXPECT_EQ(auth_of(event), std::nullopt) << event;
  }
}

TEST_F(ParseRequest, ARoomLeftBlankIsToBeMadeUp) {
  for (const char* event :
       {R"(["room-create-request",{"room":""}])", R"(["room-create-request",{"room":null}])",
        R"(["room-create-request",{}])"}) {
    EXPECT_EQ(parse_as<CreateRoom>(event).room.view(), "") << event;
  }
}

TEST_F(ParseRequest, ARoomIsAString) {
  for (const char* room : {"7", "true", "[]", "[\"north\"]", "{}", R"("\ud83d")"}) {
    for (const char* name : {"room-create-request", "room-join-request"}) {
      expect_invalid(std::string("[\"") + name + "\",{\"room\":" + room + "}]");
    }
  }
  expect_invalid(R"(["room-join-request",{"room":null}])");
  expect_invalid(R"(["room-join-request",{}])");
}

TEST_F(ParseRequest, ToAndPeerIdAreTheSameThing) {
  for (const char* peer : {R"("to":"p")", R"("peer_id":"p")", R"("to":"p","peer_id":"p")",
                           R"("peer_id":"\u0070","to":"p")"}) {
    const std::string fields = std::string("{\"room\":\"north\",") + peer;
    const std::string description = fields + R"(,"session_description":"o"}])";
    const std::string candidate = fields + R"(,"ice_candidate":"c"}])";
    EXPECT_EQ(parse_as<Relay>("[\"relay-session-description\"," + description).to.view(), "p");
    EXPECT_EQ(parse_as<Relay>("[\"relay-ice-candidate\"," + candidate).to.view(), "p");
  }
}

TEST_F(ParseRequest, APeerIsNamedByToOrByPeerId) {
  for (const char* field : {"to", "peer_id"}) {
    const std::string fields =
        "{\"room\":\"north\",\"" + std::string(field) + "\":\"" + kPeerText + "\"}]";
    EXPECT_EQ(parse_action<room_action::AnswerJoin>("[\"room-join-accept\"," + fields).candidate,
              kPeer);
    EXPECT_EQ(parse_action<room_action::Kick>("[\"room-kick-request\"," + fields).peer, kPeer);
  }
}

TEST_F(ParseRequest, APeerWithAnIdThatNobodyCanHaveIsNotThere) {
  const std::string fields = R"(,{"room":"north","peer_id":"nobody","kind":"audio"}])";
  EXPECT_EQ(error_of("[\"room-join-accept\"" + fields), Error::kNoJoinRequest);
  EXPECT_EQ(error_of("[\"room-join-reject\"" + fields), Error::kNoJoinRequest);
  EXPECT_EQ(error_of("[\"room-kick-request\"" + fields), Error::kPeerNotInRoom);
  EXPECT_EQ(error_of("[\"room-mute-request\"" + fields), Error::kPeerNotInRoom);
}

TEST_F(ParseRequest, AMuteSaysWhatIsToBeMuted) {
  for (const char* kind : {"", R"(,"kind":null)", R"(,"kind":"screen")", R"(,"kind":["audio"])"}) {
    expect_invalid(R"(["room-mute-request",{"room":"north","peer_id":")" + kPeerText + "\"" + kind +
                   "}]");
  }
}

TEST_F(ParseRequest, WhereTheyDifferOrAreNoStringsTheEventIsRefused) {
  for (const char* peer :
       {R"("to":"p","peer_id":"q")", R"("to":"p","peer_id":null)", R"("to":null,"peer_id":"p")",
        R"("to":["p"],"peer_id":["p"])", R"("to":["p"])", R"("to":{"id":"p"})", R"("to":7)",
        R"("peer_id":["p","q"])", R"("to":true)", R"("x":"p")"}) {
    const std::string fields = std::string("{\"room\":\"north\",") + peer;
    expect_invalid("[\"room-join-accept\"," + fields + "}]");
    expect_invalid("[\"room-join-reject\"," + fields + "}]");
    expect_invalid("[\"relay-session-description\"," + fields + R"(,"session_description":"o"}])");
    expect_invalid("[\"relay-ice-candidate\"," + fields + R"(,"ice_candidate":"c"}])");
  }
}

TEST_F(ParseRequest, AnAnswerOrARelayNeedsItsRoom) {
  for (const char* room : {"", R"("room":null,)", R"("room":7,)", R"("room":["north"],)"}) {
    const std::string fields = std::string("{") + room + R"("to":"p")";
    expect_invalid("[\"room-join-accept\"," + fields + "}]");
    expect_invalid("[\"room-join-reject\"," + fields + "}]");
    expect_invalid("[\"relay-session-description\"," + fields + R"(,"session_description":"o"}])");
    expect_invalid("[\"relay-ice-candidate\"," + fields + R"(,"ice_candidate":"c"}])");
  }
}

TEST_F(ParseRequest, ARelayNeedsItsBody) {
  expect_invalid(R"(["relay-session-description",{"room":"r","to":"p"}])");
  expect_invalid(R"(["relay-session-description",{"room":"r","to":"p","ice_candidate":{}}])");
  expect_invalid(R"(["relay-ice-candidate",{"room":"r","to":"p","session_description":{}}])");
}

TEST_F(ParseRequest, TheBodyOfARelayIsAnyJsonAsItCame) {
  for (const char* body :
       {"null", "\"\"", "{ }", "[1e2 ,-0.0]", R"({"sdp":"v=0\r\n","type":"offer"})", "7"}) {
    const std::string event =
        std::string(R"(["relay-ice-candidate",{"room":"r","to":"p","ice_candidate": )") + body +
        " }]";
    EXPECT_EQ(parse_as<Relay>(event).body, body);
  }
}

TEST_F(ParseRequest, AuthRequestTakesATokenInAnObjectOrBare) {
  const auto in_object =
      parse_as<AuthRequest>(R"(["auth-request",{"token":"t0ken","peerinfo":{"login":"a"}}])");
  ASSERT_TRUE(in_object.token);
  EXPECT_EQ(in_object.token->view(), "t0ken");
  EXPECT_EQ(in_object.peerinfo, R"({"login":"a"})");
  EXPECT_EQ(parse(R"(["auth-request",{"token":"t0ken","payload":[1]}])").payload, "[1]");

  const auto bare = parse_as<AuthRequest>(R"(["auth-request","t0ken"])");
  ASSERT_TRUE(bare.token);
  EXPECT_EQ(bare.token->view(), "t0ken");
  EXPECT_EQ(bare.peerinfo, "");
}

TEST_F(ParseRequest, AuthRequestWithoutATokenIsOneToReject) {
  for (const char* event :
       {R"(["auth-request"])", R"(["auth-request",{}])", R"(["auth-request",null])",
        R"(["auth-request",7])", R"(["auth-request",["t0ken"]])", R"(["auth-request",{"token":7}])",
        R"(["auth-request",{"token":null}])", R"(["auth-request",{"token":{"token":"t"}}])"}) {
    EXPECT_EQ(parse_as<AuthRequest>(event).token, std::nullopt) << event;
  }
}

TEST_F(ParseRequest, OtherEventsAreUnknown) {
  for (const char* event :
       {R"(["chat",{"room":"r"}])", R"(["",{}])", R"(["Room-Join-Request",{"room":"r"}])",
        R"(["room-join-request ",{"room":"r"}])", R"(["room-user-join",{}])", R"(["disconnect"])",
        R"(["__proto__",{}])", R"(["\ud800",{}])", R"(["room-join-request\u0000",{"room":"r"}])"}) {
    EXPECT_EQ(error_of(event), Error::kUnknownEvent) << event;
    EXPECT_FALSE(parse(event).needs_auth) << event;
  }
}

TEST_F(ParseRequest, FieldsThatAreNoObjectAreNone) {
  for (const char* fields : {"", ",null", ",7", ",\"north\"", R"(,["room","north"])"}) {
    const std::string event = std::string("[\"room-join-request\"") + fields + "]";
    expect_invalid(event);
    EXPECT_EQ(auth_of(event), std::nullopt);
    EXPECT_TRUE(parse(event).needs_auth);
  }
}

TEST_F(ParseRequest, FurtherArgumentsAndFieldsAreIgnored) {
  const auto join = parse_as<JoinRoom>(
      R"(["room-join-request",{"colour":"red","room":"north"},{"room":"south"},7])");
  EXPECT_EQ(join.room.view(), "north");
}

TEST_F(ParseRequest, JsonIsReadAsJavaScriptReadsIt) {
  const auto escaped =
      parse_as<JoinRoom>(R"(["room\u002djoin-request",{"ro\u006fm":"nort\u0068"}])");
  EXPECT_EQ(escaped.room.view(), "north");
  const auto twice = parse_as<JoinRoom>(R"(["room-join-request",{"room":"south","room":"north"}])");
  EXPECT_EQ(twice.room.view(), "north");
  const auto strange =
      parse_as<JoinRoom>(R"(["room-join-request",{"room":"\u0000\"\\\ud83d\ude80"}])");
  EXPECT_EQ(strange.room.view(), std::string_view("\0\"\\\xF0\x9F\x9A\x80", 7));
}

}  // namespace
}  // namespace heliograph::signaling
