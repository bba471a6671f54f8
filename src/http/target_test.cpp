#include "http/target.hpp"

#include <gtest/gtest.h>

namespace heliograph::http {
namespace {

TEST(PathOf, CutsTheQuery) {
  EXPECT_EQ(path_of("/demo"), "/demo");
  EXPECT_EQ(path_of("/socket.io/?EIO=4&transport=polling"), "/socket.io/");
  EXPECT_EQ(path_of("/?a=/b"), "/");
  EXPECT_EQ(path_of("/a#b"), "/a");
}

TEST(PathOf, ReadsTheAbsoluteForm) {
  EXPECT_EQ(path_of("http://example.org/demo?x"), "/demo");
  EXPECT_EQ(path_of("http://example.org"), "/");
  EXPECT_EQ(path_of("http://example.org?x=/y"), "/");
  EXPECT_EQ(path_of("https://example.org:8443/"), "/");
}

TEST(PathOf, IsEmptyForTheOtherForms) {
  EXPECT_EQ(path_of("*"), "");
  EXPECT_EQ(path_of("example.org:443"), "");
  EXPECT_EQ(path_of("demo"), "");
  EXPECT_EQ(path_of(""), "");
}

TEST(Below, TakesTheBaseOffTheTarget) {
  EXPECT_EQ(below("", "/demo?x"), "/demo?x");
  EXPECT_EQ(below("/rtc", "/rtc/demo?x"), "/demo?x");
  EXPECT_EQ(below("/rtc", "/rtc/"), "/");
  EXPECT_EQ(below("/rtc", "/rtc"), "/");
  EXPECT_EQ(below("/rtc", "/rtc?x"), "/");
  EXPECT_EQ(below("/a/b", "/a/b/socket.io/?EIO=4"), "/socket.io/?EIO=4");
  EXPECT_EQ(below("/rtc", "http://example.org/rtc/demo?x"), "/demo?x");
}

TEST(Below, KnowsWhatIsNotThere) {
  for (const char* target : {"/", "/demo", "/rtcs", "/rt", "/RTC/demo", "/%72tc/demo", "//rtc", "*",
                             "http://example.org", "http://rtc/demo", "/x/rtc/demo"}) {
    EXPECT_EQ(below("/rtc", target), std::nullopt) << target;
  }
}

TEST(FormField, FindsAFieldByName) {
  EXPECT_EQ(form_field("app=demo&password=secret", "app"), "demo");
  EXPECT_EQ(form_field("app=demo&password=secret", "password"), "secret");
  EXPECT_EQ(form_field("app=demo&password=secret", "pass"), std::nullopt);
  EXPECT_EQ(form_field("", "app"), std::nullopt);
}

TEST(FormField, TellsEmptyFromAbsent) {
  EXPECT_EQ(form_field("app=", "app"), "");
  EXPECT_EQ(form_field("app", "app"), "");
  EXPECT_EQ(form_field("&&app=1&", "app"), "1");
}

TEST(FormField, TakesTheFirstOfSeveral) { EXPECT_EQ(form_field("app=one&app=two", "app"), "one"); }

TEST(FormField, DecodesNamesAndValues) {
  EXPECT_EQ(form_field("a%70p=my+app%21+a%3Db%26c", "app"), "my app! a=b&c");
  EXPECT_EQ(form_field("app=a=b", "app"), "a=b");
  EXPECT_EQ(form_field("app=100%&x=%zz", "app"), "100%");
  EXPECT_EQ(form_field("app=100%&x=%zz", "x"), "%zz");
  EXPECT_EQ(form_field("app=%FF", "app"), "\xff");
}

}  // namespace
}  // namespace heliograph::http
