#include "engineio/error.hpp"

#include <gtest/gtest.h>

namespace heliograph::engineio {
namespace {

TEST(ErrorTest, HasTheCodesAndMessagesOfTheReferenceServer) {
  EXPECT_EQ(error_body(Error::kUnknownTransport, ""),
            R"({"code":0,"message":"Transport unknown"})");
  EXPECT_EQ(error_body(Error::kUnknownSession, ""), R"({"code":1,"message":"Session ID unknown"})");
  EXPECT_EQ(error_body(Error::kBadHandshakeMethod, ""),
            R"({"code":2,"message":"Bad handshake method"})");
  EXPECT_EQ(error_body(Error::kBadRequest, ""), R"({"code":3,"message":"Bad request"})");
  EXPECT_EQ(error_body(Error::kForbidden, ""), R"({"code":4,"message":"Forbidden"})");
  EXPECT_EQ(error_body(Error::kUnsupportedVersion, ""),
            R"({"code":5,"message":"Unsupported protocol version"})");
}

TEST(ErrorTest, SaysWhatIsWrong) {
  EXPECT_EQ(error_body(Error::kBadRequest, "malformed packet"),
            R"({"code":3,"message":"Bad request","reason":"malformed packet"})");
}

TEST(ErrorTest, IsForbiddenOrABadRequest) {
  EXPECT_EQ(http_status(Error::kForbidden), 403U);
  EXPECT_EQ(http_status(Error::kUnknownSession), 400U);
}

}  // namespace
}  // namespace heliograph::engineio
