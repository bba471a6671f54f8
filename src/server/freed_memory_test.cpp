#include "server/freed_memory.hpp"

#include <chrono>

#include <gtest/gtest.h>

namespace heliograph::server {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t kMiB = 1024UL * 1024;

class FreedMemoryTest : public ::testing::Test {
 protected:
  // Another look, 5 s later.
  bool is_due(base::Duration cpu_used, Memory memory) {
    now_ += seconds(5);
    cpu_ += cpu_used;
    return freed_.is_due(now_, cpu_, memory);
  }

  FreedMemory freed_;
  base::TimePoint now_{seconds(100)};
  base::Duration cpu_{};
};

TEST_F(FreedMemoryTest, IsGivenBackWhenTheProcessIsIdle) {
  const Memory much{.used = 0, .spare = 100 * kMiB};
  EXPECT_FALSE(is_due(seconds(4), much)) << "there is nothing to compare with";
  EXPECT_FALSE(is_due(seconds(4), much));
  EXPECT_TRUE(is_due(milliseconds(400), much));
}

TEST_F(FreedMemoryTest, IsNotGivenBackAgainUntilThereIsMore) {
  is_due({}, {});
  freed_.given_back(now_, {}, {.used = kMiB, .spare = 60 * kMiB});
  EXPECT_FALSE(is_due({}, {.used = kMiB, .spare = 60 * kMiB + kMiB / 2}));
  EXPECT_TRUE(is_due({}, {.used = kMiB, .spare = 62 * kMiB}));
}

TEST_F(FreedMemoryTest, IsTriedAgainWhenWhatLayInTheWayMayBeGone) {
  is_due({}, {});
  freed_.given_back(now_, milliseconds(70), {.used = kMiB, .spare = 60 * kMiB});
  const Memory less_used{.used = kMiB / 2, .spare = 60 * kMiB + kMiB / 2};
  EXPECT_FALSE(is_due({}, less_used)) << "a try that takes 70 ms is not made after 5 s";
  EXPECT_TRUE(is_due({}, less_used));
  EXPECT_FALSE(is_due({}, {.used = kMiB / 2, .spare = kMiB / 2})) << "there is nothing to win";
}

}  // namespace
}  // namespace heliograph::server
