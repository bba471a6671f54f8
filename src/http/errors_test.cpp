#include "http/errors.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace heliograph::http {
namespace {

using testing::Contains;
using testing::Pair;

TEST(ErrorResponse, WrapsTheTextInTheEnvelope) {
  const Response response = error_response(kNotFound);
  EXPECT_EQ(response.status, 404u);
  EXPECT_EQ(response.content_type, "application/json; charset=utf-8");
  EXPECT_EQ(response.body.view(), R"({"status":404,"error":"Not Found","response":false})");
}

TEST(ErrorResponse, HasTheTextOfTheSeed) {
  EXPECT_EQ(error_response(kUnauthorized).body.view(),
            R"({"status":401,"error":"Unauthorized","response":false})");
}

TEST(ErrorResponse, EscapesItsText) {
  EXPECT_EQ(error_response(418, "a \"teapot\"\n").body.view(),
            R"({"status":418,"error":"a \"teapot\"\n","response":false})");
}

TEST(ErrorResponse, IsNeitherKeptNorGuessedAt) {
  const Response response = error_response(kBadRequest);
  EXPECT_THAT(response.headers, Contains(Pair("Cache-Control", "no-store")));
  EXPECT_THAT(response.headers, Contains(Pair("X-Content-Type-Options", "nosniff")));
}

}  // namespace
}  // namespace heliograph::http
