#include "reactor/serving_clock.hpp"

#include <gtest/gtest.h>

namespace heliograph::reactor {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class ServingClockTest : public testing::Test {
 protected:
  base::TimePoint at(int ms) const { return start_ + milliseconds(ms); }

  base::TimePoint start_{seconds(1'000)};
  ServingClock clock_{start_};
};

TEST_F(ServingClockTest, IsSteadyTimeWhileTheServerRuns) {
  EXPECT_EQ(clock_.on_step(at(0), milliseconds(900), at(900)), seconds(0));
  EXPECT_EQ(clock_.on_step(at(900), seconds(0), at(1'200)), seconds(0));
  EXPECT_EQ(clock_.on_step(at(1'200), milliseconds(0), at(1'650)), seconds(0));
  EXPECT_EQ(clock_.at(at(1'650)), at(1'650));
}

TEST_F(ServingClockTest, DoesNotCountAStall) {
  EXPECT_EQ(clock_.on_step(at(0), milliseconds(100), at(60'100)), milliseconds(61'100));
  EXPECT_EQ(clock_.at(at(60'100)), at(0));
  EXPECT_EQ(clock_.at(at(61'100)), at(0)) << "it stands still while the worker catches up";
  EXPECT_EQ(clock_.at(at(62'100)), at(1'000)) << "and goes on from there";
}

TEST_F(ServingClockTest, DoesNotCountATurnInWhichNothingWasRead) {
  EXPECT_EQ(clock_.on_step(at(0), seconds(0), at(3'000)), seconds(4));
  EXPECT_EQ(clock_.at(at(3'000)), at(0));
}

TEST_F(ServingClockTest, TakesNoLongSilenceForAStallWhereThereWasNothingToWaitFor) {
  EXPECT_EQ(clock_.on_step(at(0), base::Duration::max(), at(3'600'000)), seconds(0));
  EXPECT_EQ(clock_.at(at(3'600'000)), at(3'600'000));
}

TEST_F(ServingClockTest, NeverGoesBack) {
  int now = 0;
  base::TimePoint last = start_;
  for (const int length : {100, 5'000, 200, 700, 100, 9'000, 9'000, 600, 1'500, 100, 100}) {
    clock_.on_step(at(now), seconds(0), at(now + length));
    now += length;
    EXPECT_GE(clock_.at(at(now)), last);
    last = clock_.at(at(now));
  }
}

TEST_F(ServingClockTest, GetsOnUnderOverload) {
  int now = 0;
  for (int turn = 0; turn < 100; ++turn, now += 600) {
    clock_.on_step(at(now), seconds(0), at(now + 600));
  }
  EXPECT_GT(clock_.at(at(now)), at(now / 3));
}

TEST_F(ServingClockTest, WaitsByItsOwnTime) {
  clock_.on_step(at(0), seconds(0), at(10'000));  // and stands still until 11 000
  EXPECT_EQ(clock_.wait_until(at(300), at(11'000)), milliseconds(300));
  EXPECT_EQ(clock_.wait_until(at(300), at(10'500)), milliseconds(800));
  EXPECT_EQ(clock_.wait_until(at(0), at(10'500)), seconds(0));
  EXPECT_EQ(clock_.wait_until({}, at(10'500)), seconds(0));
  EXPECT_EQ(clock_.wait_until(at(60'000), at(10'500)), ServingClock::kLongestWait);
  EXPECT_EQ(clock_.wait_until(base::TimePoint::max(), at(10'500)), base::Duration::max());
}

}  // namespace
}  // namespace heliograph::reactor
