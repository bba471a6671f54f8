#include "gateway/allowance.hpp"

#include <gtest/gtest.h>

namespace heliograph::gateway {
namespace {

using std::chrono::seconds;

constexpr base::TimePoint kStart{std::chrono::hours(1)};

signaling::Limits limits() {
  signaling::Limits limits;
  limits.all_events = {.per_second = 10, .burst = 20};
  limits.all_bytes = {.per_second = 1'000, .burst = 5'000};
  limits.events = {.per_second = 1, .burst = 3};
  return limits;
}

TEST(Allowance, CountsMessagesAndTheirBytes) {
  Allowance few(limits(), kStart);
  for (int i = 0; i < 20; ++i) EXPECT_FALSE(few.take_message(limits(), 1, kStart)) << i;
  EXPECT_TRUE(few.take_message(limits(), 1, kStart));

  Allowance large(limits(), kStart);
  EXPECT_FALSE(large.take_message(limits(), 4'000, kStart));
  EXPECT_FALSE(large.take_message(limits(), 4'000, kStart)) << "one message of debt";
  const auto wait = large.take_message(limits(), 1, kStart);
  ASSERT_TRUE(wait);
  EXPECT_FALSE(large.take_message(limits(), 1, kStart + *wait));
}

TEST(Allowance, CountsAttachmentsButNeverRefusesThem) {
  Allowance allowance(limits(), kStart);
  EXPECT_FALSE(allowance.take_message(limits(), 10, kStart));
  allowance.take_bytes(limits(), 6'000, kStart);
  EXPECT_TRUE(allowance.take_message(limits(), 10, kStart));
  EXPECT_FALSE(allowance.take_message(limits(), 10, kStart + seconds(2)));
}

TEST(Allowance, CountsEventsOtherThanRelaysForThemselves) {
  Allowance allowance(limits(), kStart);
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(allowance.take_event(limits(), kStart)) << i;
  EXPECT_TRUE(allowance.take_event(limits(), kStart));
  EXPECT_FALSE(allowance.take_message(limits(), 1, kStart));
  EXPECT_FALSE(allowance.take_event(limits(), kStart + seconds(1)));
}

}  // namespace
}  // namespace heliograph::gateway
