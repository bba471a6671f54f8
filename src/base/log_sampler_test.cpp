#include "base/log_sampler.hpp"

#include <chrono>
#include <string>

#include <gtest/gtest.h>

namespace heliograph::base {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr TimePoint kStart{seconds(1000)};

class LogSamplerTest : public testing::Test {
 protected:
  int admitted(int tries, TimePoint now, std::string_view kind = {}) {
    int count = 0;
    for (int i = 0; i < tries; ++i) {
      if (sampler_.admits(LogLevel::kInfo, "event", kind, now)) ++count;
    }
    return count;
  }

  LogSampler sampler_{{.burst = 10, .per_second = 5}};
};

TEST_F(LogSamplerTest, AdmitsABurst) { EXPECT_EQ(admitted(50, kStart), 10); }

TEST_F(LogSamplerTest, AdmitsSoManyASecondInTheLongRun) {
  admitted(50, kStart);
  EXPECT_EQ(admitted(50, kStart + milliseconds(100)), 0);
  EXPECT_EQ(admitted(50, kStart + milliseconds(400)), 2);
  EXPECT_EQ(admitted(50, kStart + seconds(3600)), 10) << "no more than a burst, ever";
}

TEST_F(LogSamplerTest, LinesOfDifferentKindsDoNotDisplaceEachOther) {
  admitted(50, kStart, "one");
  EXPECT_EQ(admitted(50, kStart, "two"), 10);
  EXPECT_TRUE(sampler_.admits(LogLevel::kWarn, "event", "one", kStart));
  EXPECT_TRUE(sampler_.admits(LogLevel::kInfo, "another event", "one", kStart));
}

TEST_F(LogSamplerTest, TellsEachCountOnce) {
  EXPECT_FALSE(sampler_.has_suppressed());
  admitted(13, kStart, "one");
  admitted(11, kStart, "two");
  admitted(1, kStart, "three");
  EXPECT_TRUE(sampler_.has_suppressed());
  const auto counts = sampler_.take_suppressed();
  ASSERT_EQ(counts.size(), 2U);
  EXPECT_EQ(counts[0].event, "event");
  EXPECT_EQ(counts[0].kind, "one");
  EXPECT_EQ(counts[0].count, 3U);
  EXPECT_EQ(counts[1].kind, "two");
  EXPECT_EQ(counts[1].count, 1U);
  EXPECT_FALSE(sampler_.has_suppressed());
  EXPECT_TRUE(sampler_.take_suppressed().empty());
}

TEST_F(LogSamplerTest, HoldsABoundedNumberOfKinds) {
  int count = 0;
  for (int i = 0; i < 10'000; ++i) count += admitted(1, kStart, "kind " + std::to_string(i));
  EXPECT_LT(count, 1000);
}

}  // namespace
}  // namespace heliograph::base
