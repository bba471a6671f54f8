#include "http_api/content_type.hpp"

#include <gtest/gtest.h>

namespace heliograph::http_api {
namespace {

TEST(ContentTypeOf, KnowsWhatADemoIsMadeOf) {
  EXPECT_EQ(content_type_of("/demo.html"), "text/html; charset=utf-8");
  EXPECT_EQ(content_type_of("/css/demo.css"), "text/css; charset=utf-8");
  EXPECT_EQ(content_type_of("/scripts/index.js"), "text/javascript; charset=utf-8");
  EXPECT_EQ(content_type_of("/socket.io/socket.io.esm.min.js"), "text/javascript; charset=utf-8");
  EXPECT_EQ(content_type_of("/logo.svg"), "image/svg+xml; charset=utf-8");
  EXPECT_EQ(content_type_of("/face.png"), "image/png");
  EXPECT_EQ(content_type_of("/text.woff2"), "font/woff2");
}

TEST(ContentTypeOf, DoesNotMindCapitals) { EXPECT_EQ(content_type_of("/FACE.JPG"), "image/jpeg"); }

TEST(ContentTypeOf, CallsTheUnknownBytes) {
  EXPECT_EQ(content_type_of("/README"), "application/octet-stream");
  EXPECT_EQ(content_type_of("/a.xyz"), "application/octet-stream");
  EXPECT_EQ(content_type_of("/html"), "application/octet-stream");
  EXPECT_EQ(content_type_of("/a."), "application/octet-stream");
  EXPECT_EQ(content_type_of(""), "application/octet-stream");
}

}  // namespace
}  // namespace heliograph::http_api
