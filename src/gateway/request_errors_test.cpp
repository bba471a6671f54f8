#include "gateway/request_errors.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace heliograph::gateway {
namespace {

using signaling::Error;
using ::testing::HasSubstr;

constexpr base::TimePoint kStart{std::chrono::hours(1)};
constexpr std::chrono::seconds kSecond{1};

TEST(RequestErrors, TellRateLimitsOnceASecondWithTheirNumber) {
  RequestErrors errors;
  const signaling::Refusal limited{.error = Error::kRateLimited};
  EXPECT_THAT(errors.of(limited, {.event = "e"}, kStart), HasSubstr(R"("count":1)"));
  for (int i = 0; i < 5; ++i) EXPECT_EQ(errors.of(limited, {.event = "e"}, kStart), "");
  EXPECT_THAT(errors.of(limited, {.event = "e"}, kStart + kSecond), HasSubstr(R"("count":6)"));
}

TEST(RequestErrors, TellWhatIsLeftLater) {
  RequestErrors errors;
  const signaling::Refusal limited{.error = Error::kRateLimited};
  errors.of(limited, {.event = "e"}, kStart);
  EXPECT_EQ(errors.rest(kStart + kSecond), "");
  errors.of(limited, {.event = "e"}, kStart);
  EXPECT_EQ(errors.rest(kStart), "");
  EXPECT_EQ(errors.rest(kStart + kSecond),
            R"(["request-error",{"code":"rate-limited","message":"You send events too fast",)"
            R"("count":1}])");
}

TEST(RequestErrors, TellOthersEachTime) {
  RequestErrors errors;
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(errors.of({.error = Error::kNotInRoom}, {.event = "e", .room = "r"}, kStart),
              R"(["request-error",{"event":"e","code":"not-in-room",)"
              R"("message":"You are not in this room","room":"r"}])");
  }
}

}  // namespace
}  // namespace heliograph::gateway
