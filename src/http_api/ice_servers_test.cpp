#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http_api/router.hpp"

namespace heliograph::http_api {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;

constexpr std::string_view kUnauthorizedBody =
    R"({"status":401,"error":"Unauthorized","response":false})";

// `GET /ice-servers`.
class IceServersTest : public testing::Test {
 protected:
  static constexpr std::int64_t kNow = 1'700'000'000;

  using FoundPeer = FindPeer::result_type;

  // As a worker that knows of Alice alone.
  FoundPeer find(std::string_view peer) const {
    return peer == "alice" ? alice_ : FoundPeer(Gone{});
  }
  Answer answer(const Request& request) const {
    const auto find_peer = [this](const auth::SessionClaims& claims, auto) {
      return find(claims.socket);
    };
    return Router(settings_, tokens_, {}, {.find_peer = find_peer, .find_readiness = {}})
        .handle(request);
  }
  http::Response ask(const Request& request) const {
    return std::get<http::Response>(answer(request));
  }
  http::Response ask_with(std::string_view authorization) const {
    return ask({.method = "GET",
                .target = "/ice-servers",
                .authorization = authorization,
                .unix_seconds = kNow});
  }

  const auth::Tokens tokens_{"an-example-secret-of-40-bytes-for-tests!"};
  Settings settings_;
  FoundPeer alice_ = Present{};
};

TEST_F(IceServersTest, TellsThePeerOfTheToken) {
  settings_.ice_servers = {R"([{"urls":"stun:a.example"}])",
                           {.urls = {"turn:a.example"}, .secrets = {"north"}, .lifetime = 600s}};
  const std::string expected = R"({"status":200,"error":null,"response":{"ice_servers":)" +
                               settings_.ice_servers.for_user("app", "alice", kNow) +
                               R"(,"ttl":600}})";
  const std::string token = tokens_.issue_session("app", "alice", kNow + 1);
  for (const std::string scheme : {"Bearer ", "bearer ", "BEARER  "}) {
    const http::Response response = ask_with(scheme + token);
    EXPECT_EQ(response.status, 200u) << scheme;
    EXPECT_EQ(response.body.view(), expected);
    EXPECT_EQ(response.content_type, "application/json; charset=utf-8");
    EXPECT_THAT(response.headers, Contains(Pair("Cache-Control", "no-store")));
  }
}

TEST_F(IceServersTest, TellsOfNoneWhereThereAreNone) {
  const http::Response response =
      ask_with("Bearer " + tokens_.issue_session("app", "alice", kNow + 1));
  EXPECT_EQ(response.body.view(),
            R"({"status":200,"error":null,"response":{"ice_servers":[],"ttl":null}})");
}

TEST_F(IceServersTest, HasNoTimeWhereNothingEnds) {
  settings_.ice_servers = {R"([{"urls":"stun:a.example"}])", {}};
  EXPECT_THAT(ask_with("Bearer " + tokens_.issue_session("app", "alice", kNow + 1)).body.view(),
              HasSubstr(R"("ice_servers":[{"urls":"stun:a.example"}],"ttl":null)"));
}

TEST_F(IceServersTest, WantsASessionToken) {
  const auth::Tokens foreign("another-secret-of-40-bytes-for-the-tests");
  for (const std::string& token :
       {std::string("x"), tokens_.issue_app("app"), tokens_.issue_session("app", "alice", kNow),
        foreign.issue_session("app", "alice", kNow + 1),
        tokens_.issue_session("app", "alice", kNow + 1) + "x"}) {
    const http::Response response = ask_with("Bearer " + token);
    EXPECT_EQ(response.status, 401u) << token;
    EXPECT_EQ(response.body.view(), kUnauthorizedBody);
    EXPECT_THAT(
        response.headers,
        Contains(Pair("WWW-Authenticate", R"(Bearer realm="heliograph", error="invalid_token")")));
    EXPECT_THAT(response.headers, Not(Contains(Pair("WWW-Authenticate", "Form"))));
  }
}

TEST_F(IceServersTest, AreNotForAPeerThatHasLeft) {
  const std::string ben = "Bearer " + tokens_.issue_session("app", "ben", kNow + 1);
  EXPECT_EQ(ask_with(ben).body.view(), kUnauthorizedBody);
  alice_ = Gone{};
  const http::Response response =
      ask_with("Bearer " + tokens_.issue_session("app", "alice", kNow + 1));
  EXPECT_EQ(response.status, 401u);
  EXPECT_EQ(response.body.view(), kUnauthorizedBody);
}

TEST_F(IceServersTest, AreForTheWorkerOfThePeerToTell) {
  alice_ = Elsewhere{3};
  const auto ask_for_alice = [&](std::int64_t token_end) {
    const std::string bearer = "Bearer " + tokens_.issue_session("app", "alice", token_end);
    return answer(
        {.method = "GET", .target = "/ice-servers", .authorization = bearer, .unix_seconds = kNow});
  };
  ASSERT_TRUE(std::holds_alternative<Elsewhere>(ask_for_alice(kNow + 1)));
  EXPECT_EQ(std::get<Elsewhere>(ask_for_alice(kNow + 1)).worker, 3);
  EXPECT_TRUE(std::holds_alternative<http::Response>(ask_for_alice(kNow)))
      << "no token, no question";
}

TEST_F(IceServersTest, AsksForATokenWhereThereIsNone) {
  const std::string token = tokens_.issue_session("app", "alice", kNow + 1);
  for (const std::string& authorization :
       {std::string(), std::string("Bearer"), std::string("Bearer "), "Basic " + token, token,
        "Bearer" + token}) {
    const http::Response response = ask_with(authorization);
    EXPECT_EQ(response.status, 401u) << authorization;
    EXPECT_EQ(response.body.view(), kUnauthorizedBody);
    EXPECT_THAT(response.headers,
                Contains(Pair("WWW-Authenticate", R"(Bearer realm="heliograph")")));
  }
}

TEST_F(IceServersTest, IsOnlyRead) {
  for (const std::string_view method : {"POST", "PUT", "DELETE"}) {
    const http::Response response = ask({.method = method, .target = "/ice-servers"});
    EXPECT_EQ(response.status, 405u) << method;
    EXPECT_THAT(response.headers, Contains(Pair("Allow", "GET, HEAD, OPTIONS")));
  }
  EXPECT_EQ(ask({.method = "OPTIONS", .target = "/ice-servers"}).status, 204u);
}

}  // namespace
}  // namespace heliograph::http_api
