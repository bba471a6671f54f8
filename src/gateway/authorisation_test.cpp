#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/testing/client_session_fixture.hpp"

namespace heliograph::gateway::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

using AuthorisationTest = ClientSessionTest;

TEST_F(AuthorisationTest, SignsInByEitherSpelling) {
  for (const std::string& argument :
       {"\"" + app_token() + "\"", R"({"token":")" + app_token() + "\"}"}) {
    TestClient client = open();
    client.say(connect(app_token()));
    client.heard();
    client.say(R"(27["auth-request",)" + argument + "]");
    const std::vector<std::string> heard = client.heard();
    ASSERT_EQ(heard.size(), 2U);
    const std::string token = quoted_after(heard[0], "\"token\":\"");
    EXPECT_EQ(heard[0], R"(2["auth-accept",{"token":")" + token + "\"}]");
    EXPECT_EQ(heard[1], R"(37[{"ok":true,"token":")" + token + "\"}]");
  }
}

TEST_F(AuthorisationTest, IsToldOfIceServersWhereThereAreAny) {
  settings_.ice_servers = {R"([{"urls":"stun:a.example"}])",
                           {.urls = {"turn:a.example"}, .secrets = {"north"}}};
  TestClient client = open();
  client.say(connect(app_token()));
  const std::string id = quoted_after(client.heard().front(), "\"sid\":\"");
  const std::string servers = settings_.ice_servers.for_user("test", id, now_.unix_seconds);
  client.say(R"(27["auth-request",{"token":")" + app_token() + R"(","payload":{"n":1}}])");
  const std::vector<std::string> heard = client.heard();
  ASSERT_EQ(heard.size(), 2U);
  const std::string token = quoted_after(heard[0], "\"token\":\"");
  EXPECT_EQ(heard[0], R"(2["auth-accept",{"token":")" + token + R"(","ice_servers":)" + servers +
                          R"(,"payload":{"n":1}}])");
  EXPECT_EQ(heard[1],
            R"(37[{"ok":true,"token":")" + token + R"(","ice_servers":)" + servers + "}]");
}

TEST_F(AuthorisationTest, IsRejectedWithoutAGoodAppToken) {
  TestClient client = signed_in();
  for (const std::string& argument :
       {std::string("{}"), std::string("null"), std::string("7"), std::string("[]"),
        std::string(R"("x")"), std::string(R"({"token":["x"]})"),
        R"({"token":")" + client.token() + "\"}"}) {
    client.say(R"(25["auth-request",)" + argument + "]");
    EXPECT_THAT(client.heard(), ElementsAre(R"(2["auth-reject",{"message":"Token is not valid"}])",
                                            StartsWith(refused_as_unauthorised("5"))))
        << argument;
  }
  client.say(R"(2["auth-request"])");
  EXPECT_THAT(client.heard(), ElementsAre(StartsWith(R"(2["auth-reject")")));
  client.say(R"(2["auth-request",{"token":"x","payload":{"n":1.0}}])");
  EXPECT_THAT(client.heard(), ElementsAre(R"(2["auth-reject",{"message":"Token is not valid",)"
                                          R"("payload":{"n":1.0}}])"));
  client.emit("room-create-request", R"(,"room":"still")");
  EXPECT_THAT(client.heard(), ElementsAre(StartsWith(R"(2["room-create-accept")")))
      << "what it was issued before is as good as it was";
}

TEST_F(AuthorisationTest, IsUnauthorizedWithoutItsSessionToken) {
  TestClient other = signed_in();
  TestClient client = signed_in();
  const std::string gone = tokens_.issue_session("test", client.id(), now_.unix_seconds);
  for (const std::string& auth :
       {std::string("null"), std::string("{}"), std::string("\"\""), "\"" + app_token() + "\"",
        "\"" + other.token() + "\"", "\"" + client.token() + "x\"", "\"" + gone + "\""}) {
    client.say(R"(23["room-create-request",{"room":"r","auth":)" + auth + "}]");
    EXPECT_THAT(client.heard(),
                ElementsAre(kUnauthorized, StartsWith(refused_as_unauthorised("3"))))
        << auth;
  }
  client.say(R"(2["room-create-request"])");
  client.say(R"(2["relay-ice-candidate","text"])");
  EXPECT_THAT(client.heard(), ElementsAre(kUnauthorized, kUnauthorized));
  client.emit("room-create-request", R"(,"room":"r")");
  EXPECT_THAT(client.heard(), ElementsAre(R"(2["room-create-accept",{"room":"r"}])"))
      << "nothing else had happened";
}

TEST_F(AuthorisationTest, IsUnauthorizedBeforeItSignsInWhateverItSends) {
  TestClient client = open();
  client.say(connect(app_token()));
  const std::string id = quoted_after(client.heard().front(), "\"sid\":\"");
  const std::string token = tokens_.issue_session("test", id, now_.unix_seconds + 100);
  client.say(R"(2["room-create-request",{"auth":")" + token + "\"}]");
  client.say(R"(2["room-create-request",{"auth":""}])");
  EXPECT_THAT(client.heard(), ElementsAre(kUnauthorized, kUnauthorized));
}

TEST_F(AuthorisationTest, ASessionTokenExpiresWhileConnected) {
  settings_.token_lifetime = std::chrono::seconds(60);
  TestClient client = signed_in();
  pass(std::chrono::seconds(59));
  client.emit("room-create-request");
  EXPECT_THAT(client.heard(), ElementsAre(StartsWith(R"(2["room-create-accept")")));
  pass(std::chrono::seconds(1));
  client.emit("room-create-request");
  EXPECT_THAT(client.heard(), ElementsAre(kUnauthorized));
}

TEST_F(AuthorisationTest, AnExpiredAppTokenIsRefused) {
  const std::string expired = tokens_.issue_app("test", now_.unix_seconds);
  TestClient stranger = open();
  stranger.say(connect(expired));
  EXPECT_THAT(stranger.heard(), ElementsAre(R"(4{"message":"Token is not valid",)"
                                            R"("data":{"code":"unauthorized"}})"));
  TestClient client = signed_in();
  client.say(R"(25["auth-request",{"token":")" + expired + "\"}]");
  EXPECT_THAT(client.heard(), ElementsAre(R"(2["auth-reject",{"message":"Token is not valid"}])",
                                          refused_as_unauthorised("5") + R"(expired"}}])"));
  client.emit("room-create-request");
  EXPECT_THAT(client.heard(), ElementsAre(StartsWith(R"(2["room-create-accept")")));
}

TEST_F(AuthorisationTest, ASessionTokenEndsWithTheAppToken) {
  settings_.token_lifetime = std::chrono::seconds(60);
  TestClient client = signed_in();
  const auto expiry_with = [&](std::int64_t app_expires_at) {
    client.say(R"(2["auth-request",")" + tokens_.issue_app("test", app_expires_at) + "\"]");
    const std::string token = quoted_after(client.heard().front(), "\"token\":\"");
    return tokens_.read_session(token)->expires_at;
  };
  EXPECT_EQ(expiry_with(now_.unix_seconds + 59), now_.unix_seconds + 59);
  EXPECT_EQ(expiry_with(now_.unix_seconds + 61), now_.unix_seconds + 60);
  EXPECT_EQ(expiry_with(auth::kNever), now_.unix_seconds + 60);
}

TEST_F(AuthorisationTest, AConnectionEndsWithItsAppToken) {
  TestClient client = open();
  client.say(connect(tokens_.issue_app("test", now_.unix_seconds + 60)));
  EXPECT_EQ(client.deadline(), now_.steady + std::chrono::seconds(60));
  EXPECT_EQ(client.overdue(), CloseReason::kTokenExpired);
  client.say(R"(51-["x",{"_placeholder":true,"num":0}])");
  EXPECT_EQ(client.deadline(), now_.steady + settings_.message_timeout) << "which is earlier";
  EXPECT_EQ(client.overdue(), CloseReason::kMessageTooSlow);
}

TEST_F(AuthorisationTest, ALaterAppTokenLetsTheConnectionGoOn) {
  TestClient client = open();
  client.say(connect(tokens_.issue_app("test", now_.unix_seconds + 60)));
  pass(std::chrono::seconds(59));
  client.say(R"(2["auth-request",")" + tokens_.issue_app("test", now_.unix_seconds + 60) + "\"]");
  EXPECT_EQ(client.deadline(), now_.steady + std::chrono::seconds(60));
  client.say(R"(2["auth-request",")" + app_token() + "\"]");
  EXPECT_EQ(client.deadline(), base::TimePoint::max());
  client.say(R"(2["auth-request",")" + tokens_.issue_app("test", auth::kNever - 1) + "\"]");
  EXPECT_EQ(client.deadline(), base::TimePoint::max()) << "as good as for ever";
}

TEST_F(AuthorisationTest, WhoHasLeftTheNamespaceHasTheTimeOfAConnect) {
  TestClient client = open();
  client.say(connect(tokens_.issue_app("test", now_.unix_seconds + 1)));
  client.say("1");
  EXPECT_EQ(client.deadline(), now_.steady + settings_.connect_timeout);
  EXPECT_EQ(client.overdue(), CloseReason::kConnectTimeout);
}

TEST_F(AuthorisationTest, TokensOfTheDemoCountWhileItIsOn) {
  const std::string token = tokens_.issue_demo("demo", now_.unix_seconds + 60);
  {
    settings_.takes_demo_tokens = true;
    Hub with_demo(settings_, WorkerLink{});
    TestClient client(with_demo, now_);
    client.say(connect(token));
    client.say(R"(2["auth-request",")" + token + "\"]");
    EXPECT_THAT(client.heard(), ElementsAre(StartsWith("0{"), StartsWith(R"(2["auth-accept")")));
    client.leave();
  }
  settings_.takes_demo_tokens = false;
  TestClient stranger = open();
  stranger.say(connect(token));
  EXPECT_THAT(stranger.heard(), ElementsAre(StartsWith("4{")));
  TestClient client = signed_in();
  client.say(R"(25["auth-request",{"token":")" + token + "\"}]");
  EXPECT_THAT(client.heard(), ElementsAre(StartsWith(R"(2["auth-reject")"),
                                          refused_as_unauthorised("5") + R"(invalid"}}])"));
}

TEST_F(AuthorisationTest, SigningInAgainRenewsTheTokenAndKeepsTheRooms) {
  settings_.token_lifetime = std::chrono::seconds(60);
  TestClient client = signed_in();
  TestClient other = signed_in();
  meet(client, other);
  const std::string old_token = client.token();
  pass(std::chrono::seconds(30));
  client.say(R"(2["auth-request",")" + app_token() + "\"]");
  const std::string new_token = quoted_after(client.heard().front(), "\"token\":\"");
  ASSERT_NE(new_token, old_token);

  const auto candidate_with = [&](const std::string& token) {
    client.say(R"(2["relay-ice-candidate",{"auth":")" + token + R"(","room":"r","to":")" +
               other.id() + R"(","ice_candidate":1}])");
    return client.heard();
  };
  EXPECT_THAT(candidate_with(old_token), IsEmpty()) << "the old one is good until it expires";
  EXPECT_EQ(other.heard().size(), 1U);
  pass(std::chrono::seconds(30));
  EXPECT_THAT(candidate_with(old_token), ElementsAre(kUnauthorized));
  EXPECT_THAT(other.heard(), IsEmpty());
  EXPECT_THAT(candidate_with(new_token), IsEmpty());
  EXPECT_EQ(other.heard().size(), 1U);
}

TEST_F(AuthorisationTest, PeerinfoIsToldToOthersByteForByte) {
  TestClient owner = signed_in();
  TestClient guest = signed_in(R"({"z":1.00,"a":"\u00e9\/"})");
  owner.emit("room-create-request", R"(,"room":"r")");
  guest.emit("room-join-request", R"(,"room":"r")");
  EXPECT_THAT(owner.heard().back(), HasSubstr(R"("peerinfo":{"z":1.00,"a":"\u00e9\/"})"));
}

TEST_F(AuthorisationTest, PeerinfoMayReferToNoAttachment) {
  TestClient client = open();
  client.say(connect(app_token()));
  client.heard();
  const std::string request = R"(["auth-request",{"token":")" + app_token() + R"(","peerinfo":)";
  const std::string_view refused =
      R"(2["auth-reject",{"message":"An argument is missing, of the wrong type or contradicts another"}])";
  for (const std::string_view peerinfo :
       {R"({"_placeholder":true,"num":0})", R"([[{"\u005fplaceholder":true,"num":0}]])"}) {
    client.say("2" + request + std::string(peerinfo) + "}]");
    EXPECT_THAT(client.heard(), ElementsAre(refused));
  }
  client.say("51-" + request + R"({"_placeholder":true,"num":0}}])");
  client.say_binary("photo");
  EXPECT_THAT(client.heard(), ElementsAre(StartsWith("51-[\"auth-reject\""), "binary photo"));
  client.say("2" + request + R"("_placeholder"}])");
  EXPECT_THAT(client.heard(), ElementsAre(StartsWith(R"(2["auth-accept")")))
      << "a text that only looks like one";
}

TEST_F(AuthorisationTest, PeerinfoHasALimit) {
  settings_.limits.max_peerinfo_bytes = 10;
  EXPECT_NE(signed_in(R"("12345678")").token(), "");
  TestClient client = open();
  client.sign_in(R"("123456789")");
  EXPECT_EQ(client.token(), "");
  EXPECT_FALSE(client.closed());
}

}  // namespace
}  // namespace heliograph::gateway::testing
