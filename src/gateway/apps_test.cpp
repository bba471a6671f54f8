#include "gateway/apps.hpp"

#include <string>

#include <gtest/gtest.h>

namespace heliograph::gateway {
namespace {

TEST(Apps, HaveANumberAsLongAsTheyHaveClients) {
  Apps apps;
  const Apps::Number chess = apps.enter("chess");
  const Apps::Number calls = apps.enter("calls");
  EXPECT_NE(chess, calls);
  EXPECT_EQ(apps.enter("chess"), chess);
  EXPECT_EQ(apps.name(chess), "chess");
  apps.leave(chess);
  EXPECT_EQ(apps.name(chess), "chess");
  apps.leave(chess);
  EXPECT_EQ(apps.size(), 1U);
  EXPECT_EQ(apps.enter("another"), chess) << "the number is free again";
}

TEST(Apps, ShareTheNumber0IfThereAreTooMany) {
  Apps apps;
  for (int i = 1; i <= 65'535; ++i) EXPECT_EQ(apps.enter(std::to_string(i)), i);
  EXPECT_EQ(apps.enter("one more"), 0);
  EXPECT_EQ(apps.name(0), "");
  apps.leave(0);
  EXPECT_EQ(apps.enter("1"), 1);
}

}  // namespace
}  // namespace heliograph::gateway
