#include "gateway/counted_bytes.hpp"

#include <utility>

#include <gtest/gtest.h>

namespace heliograph::gateway {
namespace {

TEST(CountedBytes, ArePartOfTheTotalAsLongAsTheyAreHeld) {
  std::size_t total = 100;
  {
    CountedBytes one(total);
    CountedBytes two(total);
    one += 5;
    two.set(10);
    two -= 3;
    EXPECT_EQ(two, 7U);
    EXPECT_EQ(total, 112U);
    one.set(0);
    EXPECT_EQ(total, 107U);
  }
  EXPECT_EQ(total, 100U);
}

TEST(CountedBytes, AreCountedOnceWhenTheyMove) {
  std::size_t total = 0;
  CountedBytes target(total);
  {
    CountedBytes source(total);
    target += 1;
    source += 5;
    CountedBytes between = std::move(source);
    EXPECT_EQ(total, 6U);
    target = std::move(between);
  }
  EXPECT_EQ(target, 5U);
  EXPECT_EQ(total, 5U);
}

}  // namespace
}  // namespace heliograph::gateway
