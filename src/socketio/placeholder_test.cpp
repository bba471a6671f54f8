#include "socketio/placeholder.hpp"

#include <string>

#include <gtest/gtest.h>

#include "base/json.hpp"

namespace heliograph::socketio {
namespace {

// Both functions rely on checked text, so a slip in a test's JSON must not go unnoticed.
std::string_view checked(std::string_view text) {
  EXPECT_EQ(json::validate(text, 64), json::Status::kOk) << text;
  return text;
}

bool mentioned(std::string_view text) { return mentions_placeholder(checked(text)); }

bool valid(std::string_view text, std::uint32_t attachments) {
  return placeholders_are_valid(checked(text), attachments);
}

TEST(Placeholder, IsFoundAnywhere) {
  EXPECT_TRUE(mentioned(R"({"_placeholder":true,"num":0})"));
  EXPECT_TRUE(mentioned(R"(["a",{"_placeholder":true,"num":0}])"));
  EXPECT_TRUE(mentioned(R"([[[[{"b":[1,{"c":{"_placeholder":true}}]}]]]])"));
  EXPECT_TRUE(mentioned(R"({"num":0,"x":{},"_placeholder":true})"));
  EXPECT_TRUE(mentioned("{ \"_placeholder\" \r\n\t : true }"));
  EXPECT_TRUE(mentioned(R"({"_placeholder":false})")) << "whatever its value";
}

TEST(Placeholder, IsFoundInDisguise) {
  EXPECT_TRUE(mentioned(R"({"\u005fplaceholder":true})"));
  EXPECT_TRUE(mentioned(R"({"_place\u0068older":true})"));
  EXPECT_TRUE(mentioned(
      R"({"\u005F\u0070\u006c\u0061\u0063\u0065\u0068\u006f\u006c\u0064\u0065\u0072":1})"));
}

TEST(Placeholder, IsFoundBehindAwkwardStrings) {
  EXPECT_TRUE(mentioned(R"({"a":"\"","_placeholder":true})"));
  EXPECT_TRUE(mentioned(R"({"a":"\\","_placeholder":true})"));
  EXPECT_TRUE(mentioned(R"({"a\"":"}","_placeholder":true})"));
  EXPECT_TRUE(mentioned(R"({"a":"{[,:","_placeholder":true})"));
}

TEST(Placeholder, OnlyNamesCount) {
  for (const std::string_view text :
       {R"("_placeholder")", R"(["_placeholder",true])", R"({"a":"_placeholder"})",
        R"({"a":"{\"_placeholder\":true}"})", R"(["\"_placeholder\":"])",
        R"({"_placeholder ":1,"placeholder":1,"__placeholder":1,"_Placeholder":1})",
        R"({"\\u005fplaceholder":1})", R"({"_placeholder\u0000":1})", R"({"\ud800":1})", "[]", "{}",
        "1", R"("")", R"("\\")"}) {
    EXPECT_FALSE(mentioned(text)) << text;
  }
}

TEST(Placeholder, NumberMustNameAnAttachment) {
  const std::string_view event =
      R"(["a",{"_placeholder":true,"num":1},{"_placeholder":true,"num":0}])";
  EXPECT_FALSE(valid(event, 0));
  EXPECT_FALSE(valid(event, 1));
  EXPECT_TRUE(valid(event, 2));
  EXPECT_TRUE(valid(event, 16));
  EXPECT_TRUE(valid(R"({"_placeholder":true,"num":4294967294})", 4294967295));
  EXPECT_FALSE(valid(R"({"_placeholder":true,"num":4294967295})", 4294967295));
}

TEST(Placeholder, OneAttachmentMayBeMeantTwiceOrNever) {
  EXPECT_TRUE(valid(R"([{"_placeholder":true,"num":0},{"_placeholder":true,"num":0}])", 2));
  EXPECT_TRUE(valid(R"(["a"])", 3));
}

TEST(Placeholder, NumberIsInPlainDigits) {
  for (const std::string num :
       {"-1", "-0", "0.0", "0.5", "1e0", "0e0", "0E1", "1.0", "4294967296", "18446744073709551616",
        "1e400", R"("0")", "null", "true", "false", "[0]", R"({"num":0})", R"({})", R"("")"}) {
    EXPECT_FALSE(valid(R"({"_placeholder":true,"num":)" + num + "}", 2)) << num;
    EXPECT_FALSE(valid(R"({"num": )" + num + R"( ,"_placeholder":true})", 2)) << num;
  }
  EXPECT_TRUE(valid(R"({"_placeholder":true,"num" : 1 })", 2));
  EXPECT_TRUE(valid("{\"num\"\n:\r\n1\t,\"_placeholder\":true}", 2));
}

TEST(Placeholder, NumberMustBeThere) {
  EXPECT_FALSE(valid(R"({"_placeholder":true})", 2));
  EXPECT_FALSE(valid(R"({"_placeholder":true,"Num":0})", 2));
  EXPECT_FALSE(valid(R"({"_placeholder":true,"a":{"num":0}})", 2)) << "an inner one is not its own";
  EXPECT_FALSE(valid(R"({"num":0,"a":{"_placeholder":true}})", 2)) << "nor is an outer one";
  EXPECT_FALSE(valid(R"([{"num":0},{"_placeholder":true}])", 2)) << "nor is a neighbour's";
}

TEST(Placeholder, LastOfDuplicateNumbersCounts) {
  EXPECT_TRUE(valid(R"({"_placeholder":true,"num":9,"num":0})", 1));
  EXPECT_FALSE(valid(R"({"_placeholder":true,"num":0,"num":9})", 1));
  EXPECT_FALSE(valid(R"({"_placeholder":true,"num":0,"\u006eum":9})", 1));
  EXPECT_FALSE(valid(R"({"_placeholder":true,"num":0,"num":null})", 1));
}

TEST(Placeholder, AnyValueOfThePlaceholderMemberIsHeldToTheRule) {
  for (const std::string mark : {"true", "false", "1", "0", "null", R"("")", "{}", "[]"}) {
    EXPECT_FALSE(valid(R"({"_placeholder":)" + mark + R"(,"num":7})", 1)) << mark;
    EXPECT_TRUE(valid(R"({"_placeholder":)" + mark + R"(,"num":0})", 1)) << mark;
  }
}

TEST(Placeholder, EscapedNamesAreHeldToTheRule) {
  EXPECT_FALSE(valid(R"({"\u005fplaceholder":true,"num":1})", 1));
  EXPECT_TRUE(valid(R"({"\u005fplaceholder":true,"\u006e\u0075\u006d":0})", 1));
  EXPECT_FALSE(valid(R"({"_placeholder":true,"\\u006eum":0})", 1));
}

TEST(Placeholder, NumbersOfOtherObjectsAreFree) {
  EXPECT_TRUE(valid(R"(["a",{"num":-7.5},{"num":"x"},{"num":{"num":[]}}])", 0));
  EXPECT_TRUE(valid(R"({"a":"{\"_placeholder\":true}"})", 0));
}

TEST(Placeholder, ObjectsAroundAndInsideAreChecked) {
  EXPECT_FALSE(valid(R"({"_placeholder":true,"num":0,"x":{"_placeholder":true,"num":5}})", 1));
  EXPECT_FALSE(valid(R"({"x":[{"_placeholder":true,"num":0}],"_placeholder":true})", 1));
  EXPECT_TRUE(valid(R"({"x":[{"_placeholder":true,"num":0}],"_placeholder":true,"num":0})", 1));
}

TEST(Placeholder, DepthIsNoObstacle) {
  std::string deep;
  for (int i = 0; i < 60; ++i) deep += i % 2 == 0 ? "[" : R"({"num":)";
  deep += R"({"_placeholder":true,"num":3})";
  for (int i = 60; i-- > 0;) deep += i % 2 == 0 ? "]" : "}";
  EXPECT_TRUE(mentioned(deep));
  EXPECT_TRUE(valid(deep, 4));
  EXPECT_FALSE(valid(deep, 3));
}

}  // namespace
}  // namespace heliograph::socketio
