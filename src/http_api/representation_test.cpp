#include "http_api/representation.hpp"

#include <gtest/gtest.h>

namespace heliograph::http_api {
namespace {

TEST(EtagOf, IsAQuotedTextThatTheBytesDecide) {
  const std::string etag = etag_of("hello");
  EXPECT_TRUE(etag.size() > 2 && etag.front() == '"' && etag.back() == '"') << etag;
  EXPECT_EQ(etag_of("hello"), etag);
  EXPECT_NE(etag_of("hellp"), etag);
  EXPECT_NE(etag_of(""), etag);
}

TEST(EtagMatches, FindsATagInAList) {
  EXPECT_TRUE(etag_matches(R"("a")", R"("a")"));
  EXPECT_TRUE(etag_matches(R"("x", "a" , "y")", R"("a")"));
  EXPECT_TRUE(etag_matches(R"(W/"a")", R"("a")"));
  EXPECT_TRUE(etag_matches(" * ", R"("a")"));
}

TEST(EtagMatches, RefusesAllElse) {
  EXPECT_FALSE(etag_matches("", R"("a")"));
  EXPECT_FALSE(etag_matches("a", R"("a")"));
  EXPECT_FALSE(etag_matches(R"("A")", R"("a")"));
  EXPECT_FALSE(etag_matches(R"("ab")", R"("a")"));
  EXPECT_FALSE(etag_matches(R"("a-gzip")", R"("a")"));
  EXPECT_FALSE(etag_matches(R"(w/"a")", R"("a")"));
  EXPECT_FALSE(etag_matches(R"("x", *)", R"("a")"));
}

TEST(AcceptsGzip, ReadsTheListOfCodings) {
  EXPECT_TRUE(accepts_gzip("gzip"));
  EXPECT_TRUE(accepts_gzip("br, GZIP;q=0.5, deflate"));
  EXPECT_TRUE(accepts_gzip("deflate,gzip ; q=1.000"));
  EXPECT_TRUE(accepts_gzip("*"));
  EXPECT_TRUE(accepts_gzip("br;q=1.0, *;q=0.1"));
  EXPECT_TRUE(accepts_gzip("gzip;q=0.001"));
}

TEST(AcceptsGzip, IsFalseWhereItIsRefusedOrAbsent) {
  EXPECT_FALSE(accepts_gzip(""));
  EXPECT_FALSE(accepts_gzip("br, deflate"));
  EXPECT_FALSE(accepts_gzip("identity"));
  EXPECT_FALSE(accepts_gzip("gzip;q=0"));
  EXPECT_FALSE(accepts_gzip("*, gzip;q=0.000"));
  EXPECT_FALSE(accepts_gzip("*;q=0"));
  EXPECT_FALSE(accepts_gzip("x-gzipped"));
}

}  // namespace
}  // namespace heliograph::http_api
