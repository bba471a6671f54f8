#include "gateway/heaviest.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace heliograph::gateway {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Holdings = std::vector<Holding<std::string, char>>;

TEST(Heaviest, IsTheHeaviestOfTheHeaviestGroup) {
  const Holdings holdings{{"alone", 'a', 50}, {"small", 'b', 20}, {"big", 'b', 40}};
  EXPECT_THAT(heaviest(holdings, 1), ElementsAre("big"));
}

TEST(Heaviest, GoesOnUntilItIsEnough) {
  const Holdings holdings{{"alone", 'a', 50}, {"small", 'b', 20}, {"big", 'b', 40}};
  EXPECT_THAT(heaviest(holdings, 41), ElementsAre("big", "alone"));
  EXPECT_THAT(heaviest(holdings, 1'000), ElementsAre("big", "alone", "small"));
}

TEST(Heaviest, LeavesThoseAloneForWhomNothingIsHeld) {
  EXPECT_THAT(heaviest(Holdings{{"nothing", 'a', 0}}, 1), IsEmpty());
}

}  // namespace
}  // namespace heliograph::gateway
