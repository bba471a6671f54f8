#include "http_api/router.hpp"

#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing/temporary_folder.hpp"
#include "http/errors.hpp"

namespace heliograph::http_api {
namespace {

using testing::Contains;
using testing::Key;
using testing::Not;
using testing::Pair;

constexpr std::string_view kForm = "application/x-www-form-urlencoded";
constexpr std::string_view kUnauthorizedBody =
    R"({"status":401,"error":"Unauthorized","response":false})";

constexpr std::array<Asset, 4> kAssets{{
    {"/css/demo.css", "p{}", "", "\"1\""},
    {"/demo.html", "<p>embedded</p>", "<zipped>", "\"2\""},
    {"/scripts/main.js", "main()", "", "\"3\""},
    {"/socket.io/socket.io.js", "io()", "<zipped>", "\"4\""},
}};

class RouterTest : public testing::Test {
 protected:
  RouterTest() { settings_.app_pass = "demo-chat-password"; }

  http::Response ask(const Request& request) const {
    const auto find_no_peer = [](const auto&...) { return Gone{}; };
    return std::get<http::Response>(
        Router(settings_, tokens_, kAssets,
               {.find_peer = find_no_peer, .find_readiness = [this](auto) { return readiness_; }})
            .handle(request));
  }
  http::Response get(std::string_view target) const {
    return ask({.method = "GET", .target = target});
  }
  http::Response post_app(std::string_view body, std::string_view type = kForm) const {
    return ask({.method = "POST", .target = "/app", .body = body, .content_type = type});
  }

  const auth::Tokens tokens_{"an-example-secret-of-40-bytes-for-tests!"};
  Settings settings_;
  Readiness readiness_ = Readiness::kReady;
};

class DemoTest : public RouterTest {
 protected:
  DemoTest() { settings_.demo = true; }
};

class PublicDirTest : public RouterTest {
 protected:
  PublicDirTest() {
    folder_.write("demo.html", "<p>own</p>");
    folder_.write("scripts/config.js", "var config = {}");
    folder_.write(".env", "APP_SECRET=x");
    settings_.public_dir = folder_.path();
  }

  const base::TemporaryFolder folder_;
};

// --- POST /app

TEST_F(RouterTest, GivesAnAppTokenForThePassword) {
  const std::string expected = R"({"status":200,"error":null,"response":{"token":")" +
                               tokens_.issue_app("demo-chat-test") + R"("}})";
  for (const http::Response& response :
       {post_app("app=demo-chat-test&password=demo-chat-password"),
        post_app(R"({"app":"demo-chat-test","password":"demo-chat-password"})",
                 "application/json")}) {
    EXPECT_EQ(response.status, 200u);
    EXPECT_EQ(response.body.view(), expected);
    EXPECT_EQ(response.content_type, "application/json; charset=utf-8");
    EXPECT_THAT(response.headers, Contains(Pair("Cache-Control", "no-store")));
  }
}

TEST_F(RouterTest, RefusesAWrongOrMissingPassword) {
  for (const std::string_view body :
       {"app=a&password=demo-chat-passwore", "app=a&password=demo-chat-password1",
        "app=a&password=demo-chat-passwor", "app=a&password=", "app=a", "", "password=wrong",
        "app=a&password=Demo-chat-password"}) {
    const http::Response response = post_app(body);
    EXPECT_EQ(response.status, 401u) << body;
    EXPECT_EQ(response.body.view(), kUnauthorizedBody) << body;
  }
}

TEST_F(RouterTest, LetsNobodyInWhereNoPasswordIsSet) {
  settings_.app_pass.clear();
  EXPECT_EQ(post_app("app=a&password=").status, 401u);
  EXPECT_EQ(post_app("app=a").status, 401u);
}

TEST_F(RouterTest, WantsAnApp) {
  for (const http::Response& response :
       {post_app("password=demo-chat-password"), post_app("app=&password=demo-chat-password"),
        post_app(R"({"app":null,"password":"demo-chat-password"})", "application/json")}) {
    EXPECT_EQ(response.status, 400u);
    EXPECT_EQ(
        response.body.view(),
        R"({"status":400,"error":"Required properties (app) is undefined","response":false})");
  }
}

TEST_F(RouterTest, WantsAnAppThatFitsIntoAToken) {
  EXPECT_EQ(post_app("password=demo-chat-password&app=" + std::string(255, 'a')).status, 200u);
  EXPECT_EQ(post_app("password=demo-chat-password&app=" + std::string(256, 'a')).status, 400u);
  EXPECT_EQ(post_app("password=demo-chat-password&app=%ff").status, 400u);
  EXPECT_EQ(post_app(R"({"password":"demo-chat-password","app":7})", "application/json").status,
            400u);
}

TEST_F(RouterTest, GivesAnAppTokenThatExpires) {
  const http::Response response = ask({.method = "POST",
                                       .target = "/app",
                                       .body = "app=a&password=demo-chat-password&lifetime=60",
                                       .content_type = kForm,
                                       .unix_seconds = 1'700'000'000});
  EXPECT_EQ(response.status, 200u);
  EXPECT_EQ(response.body.view(), R"({"status":200,"error":null,"response":{"token":")" +
                                      tokens_.issue_app("a", 1'700'000'060) + R"("}})");
}

// Not even that is told to who does not know the password.
TEST_F(RouterTest, RefusesALifetimeThatIsNone) {
  EXPECT_EQ(post_app("app=a&password=wrong&lifetime=0").status, 401u);
  const http::Response response = post_app("app=a&password=demo-chat-password&lifetime=0");
  EXPECT_EQ(response.status, 400u);
  EXPECT_EQ(response.body.view(),
            R"({"status":400,"error":"Property lifetime must be a whole number of seconds from 1 )"
            R"(to 315360000","response":false})");
}

TEST_F(RouterTest, RefusesOtherBodies) {
  EXPECT_EQ(post_app("app=a", "text/plain").status, 415u);
  EXPECT_EQ(post_app("{", "application/json").status, 400u);
}

TEST_F(RouterTest, NamesTheMethodsOfARoute) {
  for (const std::string_view method : {"GET", "PUT", "DELETE", "BREW", "post"}) {
    const http::Response response = ask({.method = method, .target = "/app"});
    EXPECT_EQ(response.status, 405u) << method;
    EXPECT_THAT(response.headers, Contains(Pair("Allow", "POST, OPTIONS")));
    EXPECT_EQ(response.body.view(),
              R"({"status":405,"error":"Method Not Allowed","response":false})");
  }
}

TEST_F(RouterTest, AnswersOptions) {
  const http::Response app = ask({.method = "OPTIONS", .target = "/app"});
  EXPECT_EQ(app.status, 204u);
  EXPECT_EQ(app.body.view(), "");
  EXPECT_THAT(app.headers, Contains(Pair("Allow", "POST, OPTIONS")));
  const http::Response client = ask({.method = "OPTIONS", .target = "/socket.io/socket.io.js"});
  EXPECT_EQ(client.status, 204u);
  EXPECT_THAT(client.headers, Contains(Pair("Allow", "GET, HEAD, OPTIONS")));
}

// --- GET /, the client, the unknown

TEST_F(RouterTest, HasNothingToSeeAtTheRoot) {
  for (const std::string_view target : {"/", "/?a=b", "http://example.org"}) {
    const http::Response response = get(target);
    EXPECT_EQ(response.status, 401u);
    EXPECT_EQ(response.body.view(), kUnauthorizedBody);
  }
}

TEST_F(RouterTest, SaysThatItIsWell) {
  for (const std::string_view method : {"GET", "HEAD"}) {
    const http::Response response = ask({.method = method, .target = "/healthz"});
    EXPECT_EQ(response.status, 200u);
    EXPECT_EQ(response.body.view(), "ok");
    EXPECT_THAT(response.headers, Contains(Pair("Cache-Control", "no-store")));
  }
  EXPECT_EQ(ask({.method = "POST", .target = "/healthz"}).status, 405u);
}

TEST_F(RouterTest, SaysWhetherNewClientsCanBeServed) {
  EXPECT_EQ(get("/readyz").status, 200u);
  EXPECT_EQ(get("/readyz").body.view(), "ok");
  readiness_ = Readiness::kDraining;
  EXPECT_EQ(get("/readyz").body.view(), R"({"status":503,"error":"draining","response":false})");
  EXPECT_EQ(get("/healthz").status, 200u);
  readiness_ = Readiness::kRedisUnreachable;
  for (const std::string_view method : {"GET", "HEAD"}) {
    const http::Response response = ask({.method = method, .target = "/readyz"});
    EXPECT_EQ(response.status, 503u);
    EXPECT_EQ(response.body.view(),
              R"({"status":503,"error":"redis-unreachable","response":false})");
    EXPECT_THAT(response.headers, Contains(Pair("Cache-Control", "no-store")));
  }
  EXPECT_EQ(ask({.method = "POST", .target = "/readyz"}).status, 405u);
}

TEST_F(RouterTest, ServesTheBrowserClient) {
  const http::Response response = get("/socket.io/socket.io.js?v=4");
  EXPECT_EQ(response.status, 200u);
  EXPECT_EQ(response.body.view(), "io()");
  EXPECT_EQ(response.content_type, "text/javascript; charset=utf-8");
  EXPECT_THAT(response.headers, Contains(Pair("ETag", "\"4\"")));
  EXPECT_THAT(response.headers, Contains(Pair("Vary", "Accept-Encoding")));
  EXPECT_THAT(response.headers, Not(Contains(Key("Content-Encoding"))));
  EXPECT_THAT(response.headers, Contains(Pair("X-Content-Type-Options", "nosniff")));
}

TEST_F(RouterTest, SendsTheBrowserClientZippedToWhomWantsIt) {
  const http::Response response = ask(
      {.method = "GET", .target = "/socket.io/socket.io.js", .accept_encoding = "gzip, deflate"});
  EXPECT_EQ(response.body.view(), "<zipped>");
  EXPECT_THAT(response.headers, Contains(Pair("Content-Encoding", "gzip")));
  EXPECT_THAT(response.headers, Contains(Pair("ETag", "\"4-gzip\"")));
}

TEST_F(RouterTest, SendsNothingToWhomHasIt) {
  Request request{.method = "GET", .target = "/socket.io/socket.io.js", .if_none_match = "\"4\""};
  const http::Response response = ask(request);
  EXPECT_EQ(response.status, 304u);
  EXPECT_EQ(response.body.view(), "");
  EXPECT_EQ(response.content_type, "");
  EXPECT_THAT(response.headers, Contains(Pair("ETag", "\"4\"")));
  EXPECT_THAT(response.headers, Contains(Pair("Vary", "Accept-Encoding")));
  request.accept_encoding = "gzip";
  EXPECT_EQ(ask(request).status, 200u) << "the zipped one is another representation";
}

TEST_F(RouterTest, AnswersHeadAsGet) {
  const http::Response response = ask({.method = "HEAD", .target = "/socket.io/socket.io.js"});
  EXPECT_EQ(response.status, 200u);
  EXPECT_EQ(response.body.view(), "io()");
}

TEST_F(RouterTest, OnlyReadsFiles) {
  const http::Response response = ask({.method = "POST", .target = "/socket.io/socket.io.js"});
  EXPECT_EQ(response.status, 405u);
  EXPECT_THAT(response.headers, Contains(Pair("Allow", "GET, HEAD, OPTIONS")));
}

TEST_F(RouterTest, KnowsNothingElse) {
  for (const std::string_view target :
       {"/nothing", "/socket.io/nothing.js", "/socket.io", "/app/", "/APP", "*", "",
        "/socket.io/../demo.html", "/%2e%2e/demo.html", "/socket.io%5csocket.io.js"}) {
    EXPECT_EQ(get(target).status, 404u) << target;
    EXPECT_EQ(get(target).body.view(), R"({"status":404,"error":"Not Found","response":false})");
  }
  EXPECT_EQ(ask({.method = "DELETE", .target = "/nothing"}).status, 404u);
}

TEST_F(RouterTest, RefusesAPathThatIsBrokenlyEscaped) { EXPECT_EQ(get("/%zz").status, 400u); }

TEST_F(RouterTest, HasNoDemoUnlessAsked) {
  for (const std::string_view target :
       {"/demo", "/demo.html", "/demo/config.json", "/css/demo.css", "/scripts/main.js"}) {
    EXPECT_EQ(get(target).status, 404u) << target;
  }
}

// --- the embedded demo

TEST_F(DemoTest, ServesThePageAndWhatStandsBesideIt) {
  EXPECT_EQ(get("/demo").body.view(), "<p>embedded</p>");
  EXPECT_EQ(get("/demo?room=a").body.view(), "<p>embedded</p>");
  EXPECT_EQ(get("/demo.html").body.view(), "<p>embedded</p>");
  EXPECT_EQ(get("/css/demo.css").body.view(), "p{}");
  EXPECT_EQ(get("/css/d%65mo.css").body.view(), "p{}");
  EXPECT_EQ(get("/scripts/main.js").content_type, "text/javascript; charset=utf-8");
}

TEST_F(DemoTest, GuardsThePage) {
  const http::Response page = get("/demo");
  EXPECT_EQ(page.content_type, "text/html; charset=utf-8");
  EXPECT_THAT(page.headers,
              Contains(Pair("Content-Security-Policy",
                            "default-src 'none'; script-src 'self'; style-src 'self'; "
                            "img-src 'self'; connect-src 'self'; form-action 'none'; "
                            "base-uri 'none'; "
                            "require-trusted-types-for 'script'; trusted-types 'none'; "
                            "frame-ancestors 'none'")));
  EXPECT_THAT(page.headers, Contains(Pair("Referrer-Policy", "no-referrer")));
  EXPECT_THAT(page.headers, Contains(Pair("X-Content-Type-Options", "nosniff")));
  EXPECT_THAT(get("/css/demo.css").headers, Not(Contains(Key("Content-Security-Policy"))));
}

// Relative links of the page would lead below /demo/ otherwise.
TEST_F(DemoTest, HasOneAddress) {
  const http::Response response = get("/demo/");
  EXPECT_EQ(response.status, 308u);
  EXPECT_THAT(response.headers, Contains(Pair("Location", "../demo")));
}

TEST_F(DemoTest, GetsItsToken) {
  const http::Response response =
      ask({.method = "GET", .target = "/demo/config.json", .unix_seconds = 1'700'000'000});
  EXPECT_EQ(response.status, 200u);
  EXPECT_EQ(response.content_type, "application/json; charset=utf-8");
  EXPECT_EQ(response.body.view(),
            R"({"token":")" + tokens_.issue_demo("demo", 1'700'003'600) + R"("})");
  EXPECT_THAT(response.headers, Contains(Pair("Cache-Control", "no-store")));
}

TEST_F(DemoTest, KeepsItsTokenFromPagesOfOtherOrigins) {
  EXPECT_EQ(get("/demo/config.json").sharing, http::Sharing::kSameOrigin);
  EXPECT_EQ(get("/socket.io/socket.io.js").sharing, http::Sharing::kAsConfigured);
}

TEST_F(RouterTest, KeepsAppTokensFromPagesOfOriginsThatNobodyNamed) {
  for (const http::Response& response :
       {post_app("app=a&password=demo-chat-password"), post_app("app=a"), get("/app"),
        ask({.method = "OPTIONS", .target = "/app"})}) {
    EXPECT_EQ(response.sharing, http::Sharing::kNamedOrigins) << response.status;
  }
  for (const std::string_view target : {"/app", "/app?x", "/%61pp", "http://x/app"}) {
    EXPECT_EQ(Router::sharing_of(target), http::Sharing::kNamedOrigins) << target;
  }
  EXPECT_EQ(Router::sharing_of("/demo/config.json"), http::Sharing::kSameOrigin);
  for (const std::string_view target : {"/", "/application", "/%zz", ""}) {
    EXPECT_EQ(Router::sharing_of(target), http::Sharing::kAsConfigured) << target;
  }
}

// --- a public folder in its place

TEST_F(PublicDirTest, ReplacesTheDemo) {
  const http::Response page = get("/demo");
  EXPECT_EQ(page.status, 200u);
  EXPECT_EQ(page.body.view(), "<p>own</p>");
  EXPECT_EQ(page.content_type, "text/html; charset=utf-8");
  EXPECT_EQ(get("/scripts/config.js").body.view(), "var config = {}");
  EXPECT_EQ(get("/css/demo.css").status, 404u);
  EXPECT_EQ(get("/socket.io/socket.io.js").body.view(), "io()");
}

// A page written for the seed's server may load whatever it likes.
TEST_F(PublicDirTest, LetsNobodyFrameAPageAndLeavesToItWhatItLoads) {
  folder_.write("about.html", "<p>about</p>");
  folder_.write("picture.svg", "<svg/>");
  for (const std::string_view path : {"/demo", "/about.html", "/picture.svg"}) {
    const http::Response page = get(path);
    EXPECT_THAT(page.headers, Contains(Pair("Content-Security-Policy", "frame-ancestors 'none'")));
    EXPECT_THAT(page.headers, Contains(Pair("Referrer-Policy", "strict-origin-when-cross-origin")));
    EXPECT_THAT(page.headers, Contains(Pair("X-Content-Type-Options", "nosniff")));
  }
  EXPECT_THAT(get("/scripts/config.js").headers, Not(Contains(Key("Content-Security-Policy"))));
  EXPECT_THAT(get("/nothing.html").headers, Not(Contains(Key("Content-Security-Policy"))));
}

TEST_F(PublicDirTest, LetsThoseFrameAPageWhomTheOperatorNames) {
  const auto policy_for = [&](std::string sources) {
    settings_.frame_ancestors = std::move(sources);
    for (const auto& [name, value] : get("/demo").headers) {
      if (name == "Content-Security-Policy") return value;
    }
    return std::string();
  };
  EXPECT_EQ(policy_for("self"), "frame-ancestors 'self'");
  EXPECT_EQ(policy_for("'self'  https://*.example.org"),
            "frame-ancestors 'self' https://*.example.org");
}

TEST_F(PublicDirTest, HandsOutNoTokenUnlessTheDemoIsOn) {
  EXPECT_EQ(get("/demo/config.json").status, 404u);
  settings_.demo = true;
  EXPECT_EQ(get("/demo/config.json").status, 200u);
}

TEST_F(PublicDirTest, SendsNothingToWhomHasItUntilItChanges) {
  const http::Response first = get("/demo");
  std::string etag;
  for (const auto& [name, value] : first.headers) {
    if (name == "ETag") etag = value;
  }
  ASSERT_NE(etag, "");
  const Request again{.method = "GET", .target = "/demo", .if_none_match = etag};
  EXPECT_EQ(ask(again).status, 304u);
  folder_.write("demo.html", "<p>new</p>");
  EXPECT_EQ(ask(again).status, 200u);
}

TEST_F(PublicDirTest, ShowsNoHiddenFilesAndNoWayOut) {
  for (const std::string_view target :
       {"/.env", "/%2eenv", "/scripts/../.env", "/scripts", "/scripts/", "/../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd", "/..%2f..%2fetc%2fpasswd", "/scripts/..%5c..%5cdemo.html",
        "//etc/passwd", "/demo.html%00.js", "/demo.html/"}) {
    EXPECT_EQ(get(target).status, 404u) << target;
  }
  // Decoded once and not twice.
  folder_.write("%2e", "percent");
  EXPECT_EQ(get("/%252e").body.view(), "percent");
}

TEST_F(PublicDirTest, OnlyReads) {
  EXPECT_EQ(ask({.method = "PUT", .target = "/demo"}).status, 405u);
  EXPECT_EQ(ask({.method = "DELETE", .target = "/demo.html"}).status, 405u);
  EXPECT_EQ(get("/demo").status, 200u);
}

}  // namespace
}  // namespace heliograph::http_api
