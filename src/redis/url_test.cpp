#include "redis/url.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace heliograph::redis {
namespace {

TEST(RedisUrl, NamesAHostAlone) {
  const auto address = parse_url("redis://redis.internal");
  ASSERT_TRUE(address);
  EXPECT_EQ(*address, (Address{.hosts = {{"redis.internal", 6379}}}));
}

TEST(RedisUrl, NamesEverything) {
  const auto address = parse_url("rediss://node:p%40ss%2Fword@10.1.2.3:6390/7");
  ASSERT_TRUE(address);
  EXPECT_EQ(*address, (Address{.hosts = {{"10.1.2.3", 6390}},
                               .user = "node",
                               .password = "p@ss/word",
                               .database = 7,
                               .uses_tls = true}));
}

TEST(RedisUrl, NeedsNoUserBesideThePassword) {
  const auto address = parse_url("redis://:secret@localhost:6379/");
  ASSERT_TRUE(address);
  EXPECT_EQ(address->user, "");
  EXPECT_EQ(address->password, "secret");
}

TEST(RedisUrl, TakesAnIpv6AddressInBrackets) {
  const auto address = parse_url("redis://[::1]:7000");
  ASSERT_TRUE(address);
  EXPECT_EQ(address->hosts, (std::vector<Host>{{"::1", 7000}}));
}

TEST(RedisUrl, NamesSeveralServers) {
  const auto address = parse_url("redis://:secret@one:7001,two,[::1]:7003/0");
  ASSERT_TRUE(address);
  EXPECT_EQ(address->hosts, (std::vector<Host>{{"one", 7001}, {"two", 6379}, {"::1", 7003}}));
  EXPECT_EQ(address->password, "secret");
  EXPECT_EQ(address->master, "");
}

TEST(RedisUrl, NamesSentinelsAndWhatTheyWatch) {
  const auto address = parse_url("rediss+sentinel://node:secret@one,two:5000/the%20master/3");
  ASSERT_TRUE(address);
  EXPECT_EQ(*address, (Address{.hosts = {{"one", 26379}, {"two", 5000}},
                               .master = "the master",
                               .user = "node",
                               .password = "secret",
                               .database = 3,
                               .uses_tls = true}));
}

class BadRedisUrl : public testing::TestWithParam<const char*> {};

TEST_P(BadRedisUrl, IsRefused) { EXPECT_FALSE(parse_url(GetParam())); }

INSTANTIATE_TEST_SUITE_P(, BadRedisUrl,
                         testing::Values("", "localhost:6379", "http://localhost", "redis://",
                                         "redis://:6379", "redis://host:", "redis://host:0",
                                         "redis://host:65536", "redis://host:6379x",
                                         "redis://host/seven", "redis://host/-1",
                                         "redis://user@host", "redis://user:@host",
                                         "redis://:p%4@host", "redis://:p%zz@host", "redis://[::1",
                                         "redis://[::1]7000", "redis://one,", "redis://one,,two",
                                         "redis+sentinel://one", "redis+sentinel://one/",
                                         "redis+sentinel://one//3", "redis+sentinel://one/m/x"));

}  // namespace
}  // namespace heliograph::redis
