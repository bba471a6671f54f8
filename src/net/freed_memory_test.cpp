#include "net/freed_memory.hpp"

#include <chrono>

#include <gtest/gtest.h>

namespace heliograph::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t kMiB = 1024UL * 1024;

class FreedMemoryTest : public ::testing::Test {
 protected:
  // Another look, 5 s later.
  bool is_due(base::Duration cpu_used, std::size_t resident) {
    now_ += seconds(5);
    cpu_ += cpu_used;
    return freed_.is_due(now_, cpu_, resident);
  }

  FreedMemory freed_;
  base::TimePoint now_{seconds(100)};
  base::Duration cpu_{};
};

TEST_F(FreedMemoryTest, IsGivenBackWhenTheProcessIsIdle) {
  EXPECT_FALSE(is_due(seconds(4), 100 * kMiB)) << "there is nothing to compare with";
  EXPECT_FALSE(is_due(seconds(4), 100 * kMiB));
  EXPECT_TRUE(is_due(milliseconds(400), 100 * kMiB));
}

TEST_F(FreedMemoryTest, IsNotGivenBackAgainUntilThereIsMore) {
  is_due({}, 100 * kMiB);
  EXPECT_TRUE(is_due({}, 100 * kMiB));
  freed_.given_back(60 * kMiB);
  EXPECT_FALSE(is_due({}, 61 * kMiB));
  EXPECT_TRUE(is_due({}, 63 * kMiB));
}

}  // namespace
}  // namespace heliograph::net
