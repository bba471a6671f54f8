#include "engineio/error.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace heliograph::engineio {
namespace {

TEST(ErrorTest, HasTheCodesAndMessagesOfTheReferenceServer) {
  const auto ends_with = [](Error error, const char* end) {
    EXPECT_THAT(error_body(error, ""), testing::EndsWith(end));
  };
  ends_with(Error::kUnknownTransport, R"(,"code":0,"message":"Transport unknown"})");
  ends_with(Error::kUnknownSession, R"(,"code":1,"message":"Session ID unknown"})");
  ends_with(Error::kBadHandshakeMethod, R"(,"code":2,"message":"Bad handshake method"})");
  ends_with(Error::kBadRequest, R"(,"code":3,"message":"Bad request"})");
  ends_with(Error::kForbidden, R"(,"code":4,"message":"Forbidden"})");
  ends_with(Error::kUnsupportedVersion, R"(,"code":5,"message":"Unsupported protocol version"})");
}

TEST(ErrorTest, HasTheEnvelopeAndSaysWhatIsWrong) {
  EXPECT_EQ(error_body(Error::kBadRequest, "malformed packet"),
            R"({"status":400,"error":"Bad request","response":false,)"
            R"("code":3,"message":"Bad request","reason":"malformed packet"})");
}

TEST(ErrorTest, IsForbiddenOrABadRequest) {
  EXPECT_EQ(http_status(Error::kForbidden), 403U);
  EXPECT_EQ(http_status(Error::kUnknownSession), 400U);
}

}  // namespace
}  // namespace heliograph::engineio
