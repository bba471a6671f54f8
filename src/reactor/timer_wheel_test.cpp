#include "reactor/timer_wheel.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace heliograph::reactor {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::IsEmpty;

class CallTimer final : public Timer {
 public:
  explicit CallTimer(std::function<void()> call) : call_(std::move(call)) {}
  void time_over() override { call_(); }

 private:
  std::function<void()> call_;
};

class TimerWheelTest : public testing::Test {
 protected:
  base::TimePoint at(milliseconds ms) const { return start_ + ms; }
  base::TimePoint at(int ms) const { return at(milliseconds(ms)); }

  std::unique_ptr<CallTimer> timer(const std::string& name) {
    return std::make_unique<CallTimer>([this, name] { called_.push_back(name); });
  }

  // The names of the timers that are called when the time goes on to `when`.
  std::vector<std::string> advance(base::TimePoint when) {
    called_.clear();
    wheel_.advance(when);
    return called_;
  }

  base::TimePoint start_{hours(1000)};
  TimerWheel wheel_{start_};
  std::vector<std::string> called_;
};

TEST_F(TimerWheelTest, CallsATimerAtItsTimeOrATickLaterAndNotBefore) {
  const auto a = timer("a");
  for (const int due : {1, 15, 16, 17, 31, 32, 33, 1000}) {
    TimerWheel wheel(start_);
    wheel.set(*a, at(due));
    called_.clear();
    int now = 0;
    for (; called_.empty(); ++now) wheel.advance(at(now));
    EXPECT_GE(now - 1, due);
    EXPECT_LT(now - 1, due + 16);
    EXPECT_FALSE(a->is_set());
  }
}

TEST_F(TimerWheelTest, SaysWhenItIsToBeCalledNext) {
  EXPECT_EQ(wheel_.next(), base::TimePoint::max());
  const auto a = timer("a");
  const auto b = timer("b");
  wheel_.set(*a, at(160));
  wheel_.set(*b, at(80));
  EXPECT_EQ(wheel_.next(), at(80));
  EXPECT_THAT(advance(wheel_.next()), ElementsAre("b"));
  EXPECT_EQ(wheel_.next(), at(160));
  EXPECT_THAT(advance(wheel_.next()), ElementsAre("a"));
  EXPECT_EQ(wheel_.next(), base::TimePoint::max());
}

TEST_F(TimerWheelTest, ATimerSetAgainIsCalledOnceAtItsNewTime) {
  const auto a = timer("a");
  wheel_.set(*a, at(100));
  wheel_.set(*a, at(300));
  EXPECT_THAT(advance(at(299)), IsEmpty());
  EXPECT_THAT(advance(at(320)), ElementsAre("a"));
  EXPECT_THAT(advance(at(10'000)), IsEmpty());
  wheel_.set(*a, at(20'000));
  wheel_.set(*a, at(11'000));
  EXPECT_THAT(advance(at(11'016)), ElementsAre("a"));
}

TEST_F(TimerWheelTest, ATimerThatIsClearedOrDestroyedIsNotCalled) {
  const auto a = timer("a");
  auto b = timer("b");
  wheel_.set(*a, at(100));
  wheel_.set(*b, at(100));
  wheel_.set(*a, base::TimePoint::max());
  b.reset();
  EXPECT_FALSE(a->is_set());
  EXPECT_THAT(advance(at(1000)), IsEmpty());
}

TEST_F(TimerWheelTest, ATimeInThePastIsTheNextTick) {
  advance(at(1000));
  const auto a = timer("a");
  wheel_.set(*a, at(500));
  EXPECT_GT(wheel_.next(), at(1000));
  EXPECT_THAT(advance(wheel_.next()), ElementsAre("a"));
}

TEST_F(TimerWheelTest, ATimerMayBeManyTurnsOfTheWheelAhead) {
  const auto day = timer("day");
  const auto minute = timer("minute");
  wheel_.set(*day, at(hours(24)));
  wheel_.set(*minute, at(60'000));
  std::vector<base::TimePoint> calls;
  base::TimePoint last = start_;
  while (day->is_set()) {
    ASSERT_GT(wheel_.next(), last) << "time would stand still";
    last = wheel_.next();
    if (!advance(last).empty()) calls.push_back(last);
  }
  ASSERT_EQ(calls.size(), 2U);
  EXPECT_EQ(calls[0], at(60'000));
  EXPECT_EQ(calls[1], at(hours(24)));
}

TEST_F(TimerWheelTest, ALongPauseCallsEveryTimerThatIsDueOnce) {
  std::vector<std::unique_ptr<CallTimer>> timers;
  for (int i = 0; i < 300; ++i) {
    timers.push_back(timer("due"));
    wheel_.set(*timers.back(), at(i * 997));
  }
  const auto later = timer("later");
  wheel_.set(*later, at(hours(100)));
  EXPECT_EQ(advance(at(hours(99))).size(), 300U);
  EXPECT_THAT(advance(at(hours(100))), ElementsAre("later"));
}

TEST_F(TimerWheelTest, ATimerMaySetItselfAndOthersWhenItIsCalled) {
  const auto other = timer("other");
  int left = 3;
  std::unique_ptr<CallTimer> again;
  again = std::make_unique<CallTimer>([&] {
    called_.emplace_back("again");
    wheel_.set(*other, at(0));
    if (--left > 0) wheel_.set(*again, at(0));
  });
  wheel_.set(*again, at(16));
  EXPECT_THAT(advance(at(16)), ElementsAre("again"));
  EXPECT_THAT(advance(at(32)), ElementsAre("other", "again"));
  EXPECT_THAT(advance(at(1000)), ElementsAre("other", "again", "other"));
}

TEST_F(TimerWheelTest, KnowsWhetherATimerIsSetByATime) {
  const auto a = timer("a");
  EXPECT_FALSE(wheel_.is_set_by(*a, at(1'000'000)));
  wheel_.set(*a, at(100));  // which is called at 112
  EXPECT_FALSE(wheel_.is_set_by(*a, at(96)));
  EXPECT_TRUE(wheel_.is_set_by(*a, at(100)));
  EXPECT_TRUE(wheel_.is_set_by(*a, at(1000)));
  a->unlink();
  EXPECT_FALSE(wheel_.is_set_by(*a, at(1000)));
}

TEST_F(TimerWheelTest, ATimerMayDestroyOthersOfTheSameTime) {
  auto victim = timer("victim");
  const auto last = timer("last");
  CallTimer first([&] { victim.reset(); });
  wheel_.set(first, at(16));
  wheel_.set(*victim, at(16));
  wheel_.set(*last, at(16));
  EXPECT_THAT(advance(at(16)), ElementsAre("last"));
}

TEST_F(TimerWheelTest, ATimerMayOutliveItsWheel) {
  const auto a = timer("a");
  {
    TimerWheel wheel(start_);
    wheel.set(*a, at(16));
  }
  EXPECT_FALSE(a->is_set());
  wheel_.set(*a, at(16));
  EXPECT_THAT(advance(at(16)), ElementsAre("a"));
}

}  // namespace
}  // namespace heliograph::reactor
