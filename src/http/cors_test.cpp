#include "http/cors.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace heliograph::http {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

const std::vector<std::string> kAny{"*"};
const std::vector<std::string> kTwo{"https://a.example", "https://b.example:8443"};

TEST(CorsHeaders, OpenToAllOriginsWithoutCredentials) {
  EXPECT_THAT(cors_headers(kAny, {.method = "GET", .origin = "https://x.example"}),
              ElementsAre(Pair("Access-Control-Allow-Origin", "*")));
  EXPECT_THAT(cors_headers(kAny, {.method = "GET"}),
              ElementsAre(Pair("Access-Control-Allow-Origin", "*")));
}

TEST(CorsHeaders, OpenToANamedOriginWithCredentials) {
  EXPECT_THAT(cors_headers(kTwo, {.method = "POST", .origin = "https://b.example:8443"}),
              UnorderedElementsAre(Pair("Vary", "Origin"),
                                   Pair("Access-Control-Allow-Origin", "https://b.example:8443"),
                                   Pair("Access-Control-Allow-Credentials", "true")));
}

TEST(CorsHeaders, ClosedToAnyOther) {
  for (const std::string_view origin :
       {"https://c.example", "https://b.example", "http://a.example", "https://a.example.evil",
        "https://A.example", "https://a.example/", "null", "*", ""}) {
    EXPECT_THAT(cors_headers(kTwo, {.method = "GET", .origin = origin}),
                ElementsAre(Pair("Vary", "Origin")))
        << origin;
  }
}

TEST(CorsHeaders, AnswersAPreflight) {
  EXPECT_THAT(cors_headers(kAny, {.method = "OPTIONS",
                                  .origin = "https://x.example",
                                  .request_method = "POST",
                                  .request_headers = "content-type,x-trace"}),
              UnorderedElementsAre(Pair("Access-Control-Allow-Origin", "*"),
                                   Pair("Access-Control-Allow-Methods", "GET, HEAD, POST"),
                                   Pair("Access-Control-Allow-Headers", "content-type,x-trace"),
                                   Pair("Vary", "Access-Control-Request-Headers"),
                                   Pair("Access-Control-Max-Age", "7200")));
}

TEST(CorsHeaders, TellsAStrangersPreflightNothing) {
  EXPECT_THAT(cors_headers(kTwo, {.method = "OPTIONS",
                                  .origin = "https://c.example",
                                  .request_method = "POST",
                                  .request_headers = "content-type"}),
              ElementsAre(Pair("Vary", "Origin")));
}

TEST(CorsHeaders, DoesNotTakeAPlainOptionsForAPreflight) {
  EXPECT_THAT(cors_headers(kAny, {.method = "OPTIONS", .origin = "https://x.example"}),
              ElementsAre(Pair("Access-Control-Allow-Origin", "*")));
}

TEST(CorsHeaders, SendsBackNoHeaderListThatIsNone) {
  const std::vector<Header> headers = cors_headers(kAny, {.method = "OPTIONS",
                                                          .origin = "https://x.example",
                                                          .request_method = "GET",
                                                          .request_headers = "x\r\nSet-Cookie: a"});
  EXPECT_THAT(headers, UnorderedElementsAre(Pair("Access-Control-Allow-Origin", "*"),
                                            Pair("Access-Control-Allow-Methods", testing::_),
                                            Pair("Access-Control-Max-Age", testing::_)));
}

TEST(AddCorsHeaders, AddsToWhatIsThere) {
  Response response;
  response.headers = {{"ETag", "\"a\""}};
  add_cors_headers(response, kAny, {.method = "GET"});
  EXPECT_THAT(response.headers, UnorderedElementsAre(Pair("ETag", "\"a\""),
                                                     Pair("Access-Control-Allow-Origin", "*")));
}

TEST(AddCorsHeaders, SharesWithNamedOriginsOnlyWhatTheStarDoesNotOpen) {
  const auto headers_for = [](std::span<const std::string> origins, CorsRequest request) {
    Response response;
    response.sharing = Sharing::kNamedOrigins;
    add_cors_headers(response, origins, request);
    return response.headers;
  };
  const CorsRequest preflight{
      .method = "OPTIONS", .origin = "https://a.example", .request_method = "POST"};
  EXPECT_THAT(headers_for(kAny, {.method = "POST", .origin = "https://a.example"}), IsEmpty());
  EXPECT_THAT(headers_for(kAny, preflight), IsEmpty());
  EXPECT_THAT(headers_for(kTwo, preflight),
              testing::Contains(Pair("Access-Control-Allow-Origin", "https://a.example")));
  const std::vector<std::string> both{"*", "https://a.example"};
  EXPECT_THAT(headers_for(both, preflight),
              testing::Contains(Pair("Access-Control-Allow-Origin", "https://a.example")));
  for (const std::string_view origin : {"https://b.example", "*", ""}) {
    EXPECT_THAT(headers_for(both, {.method = "POST", .origin = origin}),
                ElementsAre(Pair("Vary", "Origin")))
        << origin;
  }
}

TEST(AddCorsHeaders, SharesNothingThatIsForTheSameOrigin) {
  Response response;
  response.sharing = Sharing::kSameOrigin;
  add_cors_headers(response, kAny, {.method = "GET", .origin = "https://x.example"});
  EXPECT_THAT(response.headers, IsEmpty());
}

}  // namespace
}  // namespace heliograph::http
