#include <algorithm>
#include <memory>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "base/json.hpp"

namespace heliograph::json {
namespace {

using namespace std::string_literals;

constexpr unsigned kDepth = 32;

// From a heap block of exactly its size, so that AddressSanitizer sees a read past the end.
Status validate_exact(std::string_view text, unsigned max_depth = kDepth) {
  const auto block = std::make_unique<char[]>(text.size());
  std::ranges::copy(text, block.get());
  return validate({block.get(), text.size()}, max_depth);
}

std::string in_array(const std::string& first, const std::string& second) {
  return std::string("[").append(first).append(",").append(second).append("]");
}

std::string quoted(const std::string& body) { return std::string("\"").append(body).append("\""); }

// The scanner looks at strings by blocks: `text` must be judged alike wherever it stands in them.
void expect_status(const std::string& text, Status status) {
  EXPECT_EQ(validate_exact(text), status) << text;
  for (std::size_t shift = 0; shift < 68; ++shift) {
    const std::string neighbour = quoted(std::string(shift, 'x'));
    EXPECT_EQ(validate_exact(in_array(neighbour, text)), status) << shift << text;
    EXPECT_EQ(validate_exact(in_array(text, neighbour)), status) << shift << text;
  }
  EXPECT_EQ(validate_exact("{\"name\":" + text + "}"), status) << text;
}

void expect_valid(const std::string& text) { expect_status(text, Status::kOk); }
void expect_invalid(const std::string& text) { expect_status(text, Status::kSyntax); }

// The same inside a string's quotes, at every place of a block.
void expect_string_status(const std::string& body, Status status) {
  for (std::size_t shift = 0; shift < 68; ++shift) {
    const std::string pad(shift, 'x');
    EXPECT_EQ(validate_exact(quoted(pad + body)), status) << shift << body;
    EXPECT_EQ(validate_exact(quoted(body + pad)), status) << shift << body;
    EXPECT_EQ(validate_exact("{" + quoted(pad + body) + ":1}"), status) << shift << body;
  }
}

TEST(JsonValidate, Literals) {
  for (const char* text : {"true", "false", "null"}) expect_valid(text);
  for (const char* text : {"True", "FALSE", "nul", "tru", "fals", "nulll", "truefalse", "t", "n",
                           "undefined", "NaN", "Infinity", "-Infinity", "nil", "true1"}) {
    expect_invalid(text);
  }
}

TEST(JsonValidate, Numbers) {
  for (const char* text : {"0",
                           "-0",
                           "1",
                           "-1",
                           "9",
                           "10",
                           "1234567890",
                           "0.0",
                           "-0.0",
                           "0.1",
                           "1.5",
                           "-12.75",
                           "0e0",
                           "0E0",
                           "1e5",
                           "1E5",
                           "1e+5",
                           "1e-5",
                           "1.25e10",
                           "-1.25E-10",
                           "0.000001",
                           "1e999",
                           "123456789012345678901234567890",
                           "0.1234567890123456789012345678901234567890",
                           "1e00",
                           "1e01"}) {
    expect_valid(text);
  }
  for (const char* text :
       {"-",   "+1",  "01", "00",   "-01",   "1.",    ".1",   "-.1",      "1.e5", "1e",
        "1e+", "1e-", "1E", "1ee5", "1e5.5", "1.2.3", "--1",  "1-",       "1+2",  "0x10",
        "1_0", "0b1", "1f", "1 2",  "- 1",   "1 .5",  "1e 5", "\xd9\xa1", "1,5",  "Inf"}) {
    EXPECT_EQ(validate_exact(text), Status::kSyntax) << text;
    EXPECT_EQ(validate_exact("{\"n\":"s + text + "}"), Status::kSyntax) << text;
  }
}

TEST(JsonValidate, Arrays) {
  for (const char* text : {"[]", "[ ]", "[1]", "[1,2]", "[[],[]]", "[ 1 , \"a\" , null ]", "[[[]]]",
                           "[{}]", "[{},[{}]]"}) {
    expect_valid(text);
  }
  for (const char* text : {"[", "]", "[1", "[1,", "[1,]", "[,1]", "[,]", "[1,,2]", "[1 2]", "[1:2]",
                           "[1;2]", "[}", "[1}", "[[]", "[]]", "[\"a\":1]", "[1],"}) {
    expect_invalid(text);
  }
}

TEST(JsonValidate, Objects) {
  for (const char* text :
       {"{}", "{ }", "{\"\":0}", "{\"a\":1}", "{\"a\":1,\"b\":2}", "{\"a\":{\"b\":{}}}",
        "{ \"a\" : [ ] , \"b\" : { } }", "{\"a\":1,\"a\":2}", "{\"a\\u0062\":1,\"ab\":2}",
        "{\"a\":[{}],\"b\":[[]]}"}) {
    expect_valid(text);
  }
  for (const char* text : {"{",
                           "}",
                           "{\"a\"}",
                           "{\"a\":}",
                           "{\"a\":1,}",
                           "{,}",
                           "{,\"a\":1}",
                           "{\"a\" 1}",
                           "{\"a\",1}",
                           "{\"a\"::1}",
                           "{a:1}",
                           "{x\":1}",
                           "{1\":1}",
                           "{'a':1}",
                           "{1:1}",
                           "{null:1}",
                           "{\"a\":1 \"b\":2}",
                           "{\"a\":1;\"b\":2}",
                           "{\"a\":1]",
                           "{\"a\":1,,\"b\":2}",
                           "{\"a\":1",
                           "{\"a\":",
                           "{\"a\"",
                           "{\"a",
                           "{]",
                           "{{}:1}",
                           "{[]:1}",
                           "{\"a\":1}}",
                           "{\"a\":1,\"b\"}"}) {
    expect_invalid(text);
  }
}

TEST(JsonValidate, BracketsMustMatchThroughManyLevels) {
  EXPECT_EQ(validate_exact("[{\"a\":[{\"b\":[1,{\"c\":[]}]}]},[]]"), Status::kOk);
  EXPECT_EQ(validate_exact("[{\"a\":[{\"b\":[1,{\"c\":[}]]}]},[]]"), Status::kSyntax);
  EXPECT_EQ(validate_exact("[{\"a\":[{\"b\":[1,{\"c\":[]]}}]},[]]"), Status::kSyntax);
  EXPECT_EQ(validate_exact("[{\"a\":[{\"b\":[1,{\"c\":[]}]}]}],[]]"), Status::kSyntax);
}

TEST(JsonValidate, WhiteSpaceIsWhatTheStandardNames) {
  for (const char* text : {" 1", "1 ", "\t1\t", "\n1\n", "\r1\r", " \t\r\n[ \t\r\n] \t\r\n"}) {
    expect_valid(text);
  }
  for (const std::string& text :
       {"\f1"s, "1\v"s, "\xc2\xa0"s + "1", "1\xe2\x80\xa8"s, "\b1"s, "1\0"s, "\0"s + "1",
        "\xef\xbb\xbf" + "1"s, "1\x1e"s, "1/**/"s, "//1\n1"s}) {
    expect_invalid(text);
  }
}

TEST(JsonValidate, ExactlyOneValue) {
  for (const char* text : {"", " ", "\n\n", "1 2", "{}{}", "[][]", "\"a\"\"b\"", "1,", ",", ":",
                           "null null", "[] x", "{} \"a\""}) {
    EXPECT_EQ(validate_exact(text), Status::kSyntax) << text;
  }
}

TEST(JsonValidate, Escapes) {
  for (const char* body : {"\\\"", "\\\\", "\\/", "\\b", "\\f", "\\n", "\\r", "\\t", "\\u0000",
                           "\\u00e9", "\\uABCD", "\\uabcd", "\\u12aF", "\\r\\n", "\\\\\\\"",
                           "\\\\\\\\", "\\u0022\\u005c", "\\n\\u000a\\n"}) {
    expect_string_status(body, Status::kOk);
  }
  for (const char* body :
       {"\\a",     "\\v",     "\\0",     "\\x41",    "\\'",        "\\ ",     "\\U0041",
        "\\N",     "\\u",     "\\u1",    "\\u12",    "\\u123",     "\\u123g", "\\ug123",
        "\\u 123", "\\u+123", "\\u-123", "\\uu0041", "\\\xc3\xa9", "\\\n",    "\\u00\\u0041"}) {
    expect_string_status(body, Status::kSyntax);
  }
  EXPECT_EQ(validate_exact("\"\\"), Status::kSyntax);
  EXPECT_EQ(validate_exact("\"\\\""), Status::kSyntax);
  EXPECT_EQ(validate_exact("\"\\u123\""), Status::kSyntax);
}

// RFC 8259 §7 lets any \u escape stand; §8.2 only warns of what lone surrogates mean to receivers.
TEST(JsonValidate, EscapedSurrogatesMayStandAlone) {
  for (const char* body : {"\\ud83d\\ude00", "\\ud83d", "\\ude00", "\\ude00\\ud83d", "\\ud83dx"}) {
    expect_string_status(body, Status::kOk);
  }
}

TEST(JsonValidate, ControlCharactersMayNotStandInStrings) {
  for (unsigned byte = 0; byte < 0x20; ++byte) {
    const std::string control(1, static_cast<char>(byte));
    expect_string_status(control, Status::kSyntax);
    expect_string_status(control + "n", Status::kSyntax);
    expect_string_status(control + "u0041", Status::kSyntax);
  }
}

TEST(JsonValidate, EveryOtherAsciiCharacterMayStandInStrings) {
  for (char c = 0x20; c != 0x7f; ++c) {
    if (c != '"' && c != '\\') expect_string_status(std::string(1, c), Status::kOk);
  }
  expect_string_status("\x7f", Status::kOk);
}

TEST(JsonValidate, StringsHoldValidUtf8) {
  for (const char* body : {"\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
                           "\xef\xbf\xbf", "\xef\xbb\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf",
                           "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", "\xe2\x80\xa8"}) {
    expect_string_status(body, Status::kOk);
  }
}

TEST(JsonValidate, InvalidUtf8InStringsIsASyntaxError) {
  for (const char* body : {"\x80",
                           "\xbf",
                           "\xc0\x80",
                           "\xc1\xbf",
                           "\xc2",
                           "\xc2\x41",
                           "\xc2\xc0",
                           "\xe0\x80\x80",
                           "\xe0\x9f\xbf",
                           "\xe2\x82",
                           "\xe2\x41\x82",
                           "\xe2\x82\x41",
                           "\xed\xa0\x80",
                           "\xed\xbf\xbf",
                           "\xf0\x80\x80\x80",
                           "\xf0\x8f\xbf\xbf",
                           "\xf0\x9f\x98",
                           "\xf0\x9f\x41\x80",
                           "\xf0\x9f\x98\x41",
                           "\xf4\x90\x80\x80",
                           "\xf5\x80\x80\x80",
                           "\xf8\x88\x80\x80\x80",
                           "\xfe",
                           "\xff"}) {
    expect_string_status(body, Status::kSyntax);
  }
  EXPECT_EQ(validate_exact("\"\xe2\x82"), Status::kSyntax);
  EXPECT_EQ(validate_exact("\"\xf0\x9f\x98"), Status::kSyntax);
}

TEST(JsonValidate, BytesThatAreNotAsciiOutsideStringsAreASyntaxError) {
  for (unsigned byte = 0x80; byte < 0x100; ++byte)
    expect_invalid(std::string(1, static_cast<char>(byte)));
}

TEST(JsonValidate, LongStringsEndWhereTheirQuoteIs) {
  for (std::size_t size = 0; size < 200; ++size) {
    const std::string body(size, 'a');
    EXPECT_EQ(validate_exact("\"" + body + "\""), Status::kOk) << size;
    EXPECT_EQ(validate_exact("\"" + body), Status::kSyntax) << size;
    EXPECT_EQ(validate_exact("\"" + body + "\"\""), Status::kSyntax) << size;
    EXPECT_EQ(validate_exact("\"" + body + "\\\""), Status::kSyntax) << size;
  }
}

std::string nested(unsigned depth, const std::string& open, const std::string& core,
                   const std::string& close) {
  std::string text;
  for (unsigned i = 0; i < depth; ++i) text += open;
  text += core;
  for (unsigned i = 0; i < depth; ++i) text += close;
  return text;
}

TEST(JsonValidate, DepthIsAllowedUpToTheLimitAndNoDeeper) {
  for (const unsigned limit : {1u, 2u, 31u, 32u, 63u, 64u, 65u, kMaxDepth}) {
    for (const char* core : {"", "1", "\"a\""}) {
      EXPECT_EQ(validate_exact(nested(limit, "[", core, "]"), limit), Status::kOk);
      EXPECT_EQ(validate_exact(nested(limit + 1, "[", core, "]"), limit), Status::kDepth);
    }
    EXPECT_EQ(validate_exact(nested(limit, "{\"a\":", "1", "}"), limit), Status::kOk);
    EXPECT_EQ(validate_exact(nested(limit + 1, "{\"a\":", "1", "}"), limit), Status::kDepth);
    EXPECT_EQ(validate_exact(nested(limit - 1, "[0,", "{}", ",0]"), limit), Status::kOk);
    EXPECT_EQ(validate_exact(nested(limit, "[0,", "{}", ",0]"), limit), Status::kDepth);
  }
}

TEST(JsonValidate, DepthIsThatOfNestingNotOfCount) {
  std::string text = "[";
  for (unsigned i = 0; i < 1000; ++i) text += "[{\"a\":[]}],";
  text += "[]]";
  EXPECT_EQ(validate_exact(text, 4), Status::kOk);
  EXPECT_EQ(validate_exact(text, 3), Status::kDepth);
}

TEST(JsonValidate, NoDepthAllowsScalarsOnly) {
  EXPECT_EQ(validate_exact("\"a\"", 0), Status::kOk);
  EXPECT_EQ(validate_exact("17", 0), Status::kOk);
  EXPECT_EQ(validate_exact("[]", 0), Status::kDepth);
  EXPECT_EQ(validate_exact("{}", 0), Status::kDepth);
}

TEST(JsonValidate, ALimitBeyondTheGreatestIsTakenAsTheGreatest) {
  EXPECT_EQ(validate_exact(nested(kMaxDepth, "[", "", "]"), 0xffffffff), Status::kOk);
  EXPECT_EQ(validate_exact(nested(kMaxDepth + 1, "[", "", "]"), 0xffffffff), Status::kDepth);
  EXPECT_EQ(validate_exact(std::string(100000, '['), 0xffffffff), Status::kDepth);
}

TEST(JsonValidate, WhatIsWrongFirstIsReported) {
  EXPECT_EQ(validate_exact("[[[x", 2), Status::kDepth);
  EXPECT_EQ(validate_exact("[x[[", 2), Status::kSyntax);
}

TEST(JsonValidate, EveryBeginningOfATextIsInvalid) {
  const std::string text =
      "[\"relay-session-description\",{\"to\":\"4fGh\",\"sdp\":\"v=0\\r\\no=- 46117 2 IN IP4 "
      "127.0.0.1\\r\\ns=-\\r\\n\\u00e9\xc3\xa9\xf0\x9f\x98\x80\",\"n\":-1.5e+10,\"ok\":[true,false,"
      "null]}]";
  ASSERT_EQ(validate_exact(text), Status::kOk);
  for (std::size_t size = 0; size < text.size(); ++size) {
    EXPECT_EQ(validate_exact(text.substr(0, size)), Status::kSyntax) << text.substr(0, size);
  }
}

}  // namespace
}  // namespace heliograph::json
