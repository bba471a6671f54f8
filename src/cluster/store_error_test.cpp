#include "cluster/store_error.hpp"

#include <gtest/gtest.h>

namespace heliograph::cluster {
namespace {

TEST(StoreErrorTest, KnowsServersThatAreNoMaster) {
  EXPECT_TRUE(is_no_master("READONLY You can't write against a read only replica."));
  EXPECT_TRUE(is_no_master("MASTERDOWN Link with MASTER is down"));
  EXPECT_FALSE(is_no_master("MOVED 0 redis:1"));
  EXPECT_FALSE(is_no_master(""));
}

TEST(StoreErrorTest, TellsErrorsOfTheServerFromThoseOfOneCommand) {
  EXPECT_TRUE(stops_all("READONLY You can't write against a read only replica."));
  EXPECT_TRUE(stops_all("MOVED 0 redis:1"));
  EXPECT_TRUE(stops_all("NOSCRIPT No matching script."));
  EXPECT_FALSE(stops_all("OOM command not allowed when used memory > 'maxmemory'."));
  EXPECT_FALSE(stops_all("ERR no"));
}

}  // namespace
}  // namespace heliograph::cluster
