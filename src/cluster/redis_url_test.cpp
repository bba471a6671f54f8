#include "cluster/redis_url.hpp"

#include <gtest/gtest.h>

namespace heliograph::cluster {
namespace {

TEST(RedisUrl, NamesAHostAlone) {
  const auto address = parse_redis_url("redis://redis.internal");
  ASSERT_TRUE(address);
  EXPECT_EQ(*address, (RedisAddress{.host = "redis.internal", .port = 6379}));
}

TEST(RedisUrl, NamesEverything) {
  const auto address = parse_redis_url("rediss://node:p%40ss%2Fword@10.1.2.3:6390/7");
  ASSERT_TRUE(address);
  EXPECT_EQ(*address, (RedisAddress{.host = "10.1.2.3",
                                    .port = 6390,
                                    .user = "node",
                                    .password = "p@ss/word",
                                    .database = 7,
                                    .uses_tls = true}));
}

TEST(RedisUrl, NeedsNoUserBesideThePassword) {
  const auto address = parse_redis_url("redis://:secret@localhost:6379/");
  ASSERT_TRUE(address);
  EXPECT_EQ(address->user, "");
  EXPECT_EQ(address->password, "secret");
}

TEST(RedisUrl, TakesAnIpv6AddressInBrackets) {
  const auto address = parse_redis_url("redis://[::1]:7000");
  ASSERT_TRUE(address);
  EXPECT_EQ(address->host, "::1");
  EXPECT_EQ(address->port, 7000);
}

class BadRedisUrl : public testing::TestWithParam<const char*> {};

TEST_P(BadRedisUrl, IsRefused) { EXPECT_FALSE(parse_redis_url(GetParam())); }

INSTANTIATE_TEST_SUITE_P(, BadRedisUrl,
                         testing::Values("", "localhost:6379", "http://localhost", "redis://",
                                         "redis://:6379", "redis://host:", "redis://host:0",
                                         "redis://host:65536", "redis://host:6379x",
                                         "redis://host/seven", "redis://host/-1",
                                         "redis://user@host", "redis://user:@host",
                                         "redis://:p%4@host", "redis://:p%zz@host", "redis://[::1",
                                         "redis://[::1]7000"));

}  // namespace
}  // namespace heliograph::cluster
