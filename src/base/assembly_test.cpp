#include "base/assembly.hpp"

#include <gtest/gtest.h>

namespace heliograph::base {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr TimePoint kStart{seconds(100)};

TEST(Assembly, HasItsPatienceIfNothingMoreComes) {
  const Assembly assembly(seconds(10), kStart);
  EXPECT_EQ(assembly.deadline(), kStart + seconds(10));
}

TEST(Assembly, GetsASecondMoreForEach8KiB) {
  Assembly assembly(seconds(10), kStart);
  assembly.has(4 * 1024, kStart + seconds(9));
  EXPECT_EQ(assembly.deadline(), kStart + milliseconds(10'500));
  assembly.has(16 * 1024, kStart + seconds(10));
  EXPECT_EQ(assembly.deadline(), kStart + seconds(12));
}

TEST(Assembly, BearsNoPauseLongerThanItsPatience) {
  Assembly assembly(seconds(10), kStart);
  assembly.has(1'000'000, kStart + seconds(1));
  EXPECT_EQ(assembly.deadline(), kStart + seconds(11));
}

TEST(Assembly, TakesOnlyMoreBytesForProgress) {
  Assembly assembly(seconds(10), kStart);
  assembly.has(1'000'000, kStart);
  assembly.has(1'000'000, kStart + seconds(5));
  EXPECT_EQ(assembly.deadline(), kStart + seconds(10));
}

TEST(Assembly, DoesNotCountTheTimeInWhichNobodyRead) {
  Assembly assembly(seconds(10), kStart);
  assembly.has(8 * 1024, kStart + seconds(4));
  assembly.resume(kStart + seconds(104));
  EXPECT_EQ(assembly.deadline(), kStart + seconds(111));
}

}  // namespace
}  // namespace heliograph::base
