#include "http_api/app_request.hpp"

#include <gtest/gtest.h>

namespace heliograph::http_api {
namespace {

std::variant<AppRequest, http::Error> read(std::string_view type, std::string_view body) {
  return read_app_request({.method = "POST", .target = "/app", .body = body, .content_type = type});
}

void expect_parameters(std::string_view type, std::string_view body,
                       const std::optional<std::string>& app,
                       const std::optional<std::string>& password) {
  const auto result = read(type, body);
  const auto* request = std::get_if<AppRequest>(&result);
  ASSERT_NE(request, nullptr) << body;
  EXPECT_EQ(request->app, app) << body;
  EXPECT_EQ(request->password, password) << body;
}

unsigned status_of_refusal(std::string_view type, std::string_view body) {
  const auto result = read(type, body);
  const auto* error = std::get_if<http::Error>(&result);
  return error != nullptr ? error->status : 0;
}

constexpr std::string_view kForm = "application/x-www-form-urlencoded";
constexpr std::string_view kJson = "application/json";

TEST(ReadAppRequest, ReadsAForm) {
  expect_parameters(kForm, "app=demo-chat-test&password=demo-chat-password", "demo-chat-test",
                    "demo-chat-password");
  expect_parameters(kForm, "password=a%26b", std::nullopt, "a&b");
  expect_parameters(kForm, "", std::nullopt, std::nullopt);
}

TEST(ReadAppRequest, ReadsJson) {
  expect_parameters(kJson, R"({"app":"demo","password":"a\u00e9\n"})", "demo", "aé\n");
  expect_parameters(kJson, R"( {"password":"p","app":null,"more":[{}]} )", std::nullopt, "p");
  expect_parameters(kJson, "{}", std::nullopt, std::nullopt);
}

TEST(ReadAppRequest, TakesNoOtherTypeForAPassword) {
  expect_parameters(kJson, R"({"app":"demo","password":12})", "demo", std::nullopt);
  expect_parameters(kJson, R"({"app":"demo","password":["p"]})", "demo", std::nullopt);
}

TEST(ReadAppRequest, TellsAnAppThatIsNoTextFromNone) {
  for (const auto& [type, body] :
       {std::pair{kJson, R"({"app":7})"}, std::pair{kJson, R"({"app":{"a":"b"}})"},
        std::pair{kJson, R"({"app":"\ud800"})"}, std::pair{kForm, "app=%ff"}}) {
    const auto result = read(type, body);
    ASSERT_TRUE(std::holds_alternative<AppRequest>(result)) << body;
    EXPECT_FALSE(std::get<AppRequest>(result).app_is_text) << body;
  }
  EXPECT_TRUE(std::get<AppRequest>(read(kJson, "{}")).app_is_text);
}

TEST(ReadAppRequest, ReadsALifetimeInSeconds) {
  const auto lifetime_of = [](std::string_view type, std::string_view body) {
    const auto request = std::get<AppRequest>(read(type, body));
    EXPECT_TRUE(request.lifetime_is_good) << body;
    return request.lifetime;
  };
  EXPECT_EQ(lifetime_of(kForm, "app=a&lifetime=1"), 1u);
  EXPECT_EQ(lifetime_of(kForm, "lifetime=315360000"), kMaxAppLifetime);
  EXPECT_EQ(lifetime_of(kJson, R"({"lifetime":3600})"), 3'600u);
  EXPECT_EQ(lifetime_of(kForm, "app=a"), std::nullopt);
  EXPECT_EQ(lifetime_of(kJson, R"({"lifetime":null})"), std::nullopt);
}

TEST(ReadAppRequest, TellsALifetimeThatIsNone) {
  for (const std::string_view lifetime :
       {"0", "-1", "1.5", "1e3", "315360001", "99999999999999999999", "true", "[1]", "\"60\""}) {
    const std::string body = R"({"lifetime":)" + std::string(lifetime) + '}';
    EXPECT_FALSE(std::get<AppRequest>(read(kJson, body)).lifetime_is_good) << body;
  }
  for (const std::string_view body :
       {"lifetime=", "lifetime", "lifetime=0", "lifetime=-1", "lifetime=1.5", "lifetime=+1",
        "lifetime=315360001", "lifetime=60s", "lifetime=null"}) {
    EXPECT_FALSE(std::get<AppRequest>(read(kForm, body)).lifetime_is_good) << body;
  }
}

TEST(ReadAppRequest, DoesNotMindParametersAndCapitalsOfTheType) {
  expect_parameters("Application/JSON; charset=utf-8", R"({"app":"demo"})", "demo", std::nullopt);
  expect_parameters("application/x-www-form-urlencoded;charset=UTF-8", "app=demo", "demo",
                    std::nullopt);
}

TEST(ReadAppRequest, RefusesBodiesOfOtherTypes) {
  EXPECT_EQ(status_of_refusal("text/plain", "app=demo"), 415u);
  EXPECT_EQ(status_of_refusal("multipart/form-data; boundary=x", "--x"), 415u);
  EXPECT_EQ(status_of_refusal("application/jsonp", "{}"), 415u);
  EXPECT_EQ(status_of_refusal("", "app=demo"), 415u);
}

TEST(ReadAppRequest, TakesNothingAtAllForNoParameters) {
  expect_parameters("", "", std::nullopt, std::nullopt);
}

TEST(ReadAppRequest, RefusesJsonThatIsNoObject) {
  for (const std::string_view body : {"", "{", "[]", "\"app\"", "null", "{\"app\":}", "{}{}"}) {
    EXPECT_EQ(status_of_refusal(kJson, body), 400u) << body;
  }
  EXPECT_EQ(status_of_refusal(kJson, std::string(100'000, '[')), 400u);
}

}  // namespace
}  // namespace heliograph::http_api
