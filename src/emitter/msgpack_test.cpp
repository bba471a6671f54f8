#include "emitter/msgpack.hpp"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.hpp"

namespace heliograph::emitter {
namespace {

using namespace std::string_literals;
using testing::ElementsAre;

constexpr unsigned kDepth = 8;

std::string bytes(std::initializer_list<unsigned> values, std::string_view after = {}) {
  std::string text;
  for (const unsigned value : values) text += static_cast<char>(value);
  return text.append(after);
}

// Its JSON, or the error in words.
std::string json_of(std::string_view msgpack, unsigned max_depth = kDepth) {
  const auto read = json_from_msgpack(msgpack, max_depth);
  if (const auto* value = std::get_if<JsonWithAttachments>(&read)) return value->text;
  return std::get<MsgpackError>(read) == MsgpackError::kTooDeep ? "(too deep)" : "(malformed)";
}

constexpr std::string_view kMalformed = "(malformed)";

TEST(JsonFromMsgpack, ReadsWholeNumbersOfEverySize) {
  EXPECT_EQ(json_of(bytes({0x00})), "0");
  EXPECT_EQ(json_of(bytes({0x7F})), "127");
  EXPECT_EQ(json_of(bytes({0xCC, 0xFF})), "255");
  EXPECT_EQ(json_of(bytes({0xCD, 0xFF, 0xFF})), "65535");
  EXPECT_EQ(json_of(bytes({0xCE, 0xFF, 0xFF, 0xFF, 0xFF})), "4294967295");
  EXPECT_EQ(json_of(bytes({0xCF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF})),
            "18446744073709551615");
  EXPECT_EQ(json_of(bytes({0xE0})), "-32");
  EXPECT_EQ(json_of(bytes({0xFF})), "-1");
  EXPECT_EQ(json_of(bytes({0xD0, 0x80})), "-128");
  EXPECT_EQ(json_of(bytes({0xD1, 0x80, 0x00})), "-32768");
  EXPECT_EQ(json_of(bytes({0xD2, 0x80, 0x00, 0x00, 0x00})), "-2147483648");
  EXPECT_EQ(json_of(bytes({0xD3, 0x80, 0, 0, 0, 0, 0, 0, 0})), "-9223372036854775808");
}

TEST(JsonFromMsgpack, ReadsOtherNumbersAsJsonStringifyWritesThem) {
  EXPECT_EQ(json_of(bytes({0xCB, 0x3F, 0xF8, 0, 0, 0, 0, 0, 0})), "1.5");
  EXPECT_EQ(json_of(bytes({0xCB, 0x3F, 0xB9, 0x99, 0x99, 0x99, 0x99, 0x99, 0x9A})), "0.1");
  EXPECT_EQ(json_of(bytes({0xCA, 0x3F, 0xC0, 0, 0})), "1.5");
  EXPECT_EQ(json_of(bytes({0xCB, 0x44, 0x4B, 0x1A, 0xE4, 0xD6, 0xE2, 0xEF, 0x50})), "1e+21");
  EXPECT_EQ(json_of(bytes({0xCB, 0x80, 0, 0, 0, 0, 0, 0, 0})), "0") << "-0";
  EXPECT_EQ(json_of(bytes({0xCB, 0x7F, 0xF0, 0, 0, 0, 0, 0, 0})), "null") << "Infinity";
  EXPECT_EQ(json_of(bytes({0xCB, 0xFF, 0xF0, 0, 0, 0, 0, 0, 0})), "null") << "-Infinity";
  EXPECT_EQ(json_of(bytes({0xCB, 0x7F, 0xF8, 0, 0, 0, 0, 0, 0})), "null") << "NaN";
}

TEST(JsonFromMsgpack, ReadsStringsOfEverySize) {
  EXPECT_EQ(json_of(bytes({0xA0})), R"("")");
  EXPECT_EQ(json_of(bytes({0xA2}, "hi")), R"("hi")");
  EXPECT_EQ(json_of(bytes({0xD9, 2}, "hi")), R"("hi")");
  EXPECT_EQ(json_of(bytes({0xDA, 0, 2}, "hi")), R"("hi")");
  EXPECT_EQ(json_of(bytes({0xDB, 0, 0, 0, 2}, "hi")), R"("hi")");
  EXPECT_EQ(json_of(bytes({0xAB}, "\"\\\n\0 é😀"s)), R"("\"\\\n\u0000 é😀")");
}

TEST(JsonFromMsgpack, TakesNoStringThatIsNoUtf8) {
  EXPECT_EQ(json_of(bytes({0xA1, 0xFF})), kMalformed);
  EXPECT_EQ(json_of(bytes({0xA2, 0xC0, 0x80})), kMalformed) << "overlong";
  EXPECT_EQ(json_of(bytes({0xA3, 0xED, 0xA0, 0x80})), kMalformed) << "a lone surrogate";
  EXPECT_EQ(json_of(bytes({0x81, 0xA1, 0xFF, 0xC0})), kMalformed) << "in a key";
}

TEST(JsonFromMsgpack, ReadsArraysAndMaps) {
  EXPECT_EQ(json_of(bytes({0x90})), "[]");
  EXPECT_EQ(json_of(bytes({0x80})), "{}");
  EXPECT_EQ(json_of(bytes({0x93, 0xC0, 0xC2, 0xC3})), "[null,false,true]");
  EXPECT_EQ(json_of(bytes({0xDC, 0, 2, 1, 2})), "[1,2]");
  EXPECT_EQ(json_of(bytes({0xDD, 0, 0, 0, 2, 1, 2})), "[1,2]");
  EXPECT_EQ(json_of(bytes({0x82, 0xA1, 'a', 1, 0xA1, '"', 0x92, 0x80, 0x81, 0xA0, 0x90})),
            R"({"a":1,"\"":[{},{"":[]}]})");
  EXPECT_EQ(json_of(bytes({0xDE, 0, 1, 0xA1, 'a', 1})), R"({"a":1})");
  EXPECT_EQ(json_of(bytes({0xDF, 0, 0, 0, 1, 0xA1, 'a', 1})), R"({"a":1})");
  EXPECT_EQ(json_of(bytes({0x81, 0x01, 0x01})), kMalformed) << "a key that is a number";
}

TEST(JsonFromMsgpack, PutsAPlaceholderWhereSomethingBinaryStood) {
  const std::string array =
      bytes({0x93, 0xC4, 1, 'x', 0x81, 0xA1, 'b', 0xC5, 0, 2, 0, 0xFF, 0xC6, 0, 0, 0, 0});
  const auto read = std::get<JsonWithAttachments>(json_from_msgpack(array, kDepth));
  EXPECT_EQ(read.text, R"([{"_placeholder":true,"num":0},{"b":{"_placeholder":true,"num":1}},)"
                       R"({"_placeholder":true,"num":2}])");
  EXPECT_THAT(read.attachments, ElementsAre("x", "\0\xFF"s, ""));
}

// What notepack, which the emitter encodes with, makes of dates; and their toISOString().
TEST(JsonFromMsgpack, ReadsDates) {
  EXPECT_EQ(json_of(bytes({0xD6, 0xFF, 0, 0, 0, 0})), R"("1970-01-01T00:00:00.000Z")");
  EXPECT_EQ(json_of(bytes({0xD6, 0xFF, 0x69, 0x26, 0x38, 0x30})), R"("2025-11-25T23:13:52.000Z")");
  EXPECT_EQ(json_of(bytes({0xD7, 0xFF, 0x75, 0x8A, 0x55, 0, 0x69, 0x26, 0x38, 0x30})),
            R"("2025-11-25T23:13:52.493Z")");
  // -1 ms, in 96 bits.
  EXPECT_EQ(json_of(bytes({0xC7, 12, 0xFF, 0x3B, 0x8B, 0x87, 0xC0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                           0xFF, 0xFF, 0xFF})),
            R"("1969-12-31T23:59:59.999Z")");
}

TEST(JsonFromMsgpack, ReadsTheFirstAndTheLastDate) {
  const auto after_nanoseconds = [](std::int64_t seconds) {
    std::string timestamp = bytes({0xC7, 12, 0xFF, 0, 0, 0, 0});
    for (int shift = 56; shift >= 0; shift -= 8) {
      timestamp += static_cast<char>(static_cast<std::uint64_t>(seconds) >> shift);
    }
    return timestamp;
  };
  EXPECT_EQ(json_of(after_nanoseconds(8'640'000'000'000)), R"("+275760-09-13T00:00:00.000Z")");
  EXPECT_EQ(json_of(after_nanoseconds(-8'640'000'000'000)), R"("-271821-04-20T00:00:00.000Z")");
  EXPECT_EQ(json_of(after_nanoseconds(-62'167'219'200)), R"("0000-01-01T00:00:00.000Z")");
  EXPECT_EQ(json_of(after_nanoseconds(-62'167'219'201)), R"("-000001-12-31T23:59:59.000Z")");
  EXPECT_EQ(json_of(after_nanoseconds(253'402'300'799)), R"("9999-12-31T23:59:59.000Z")");
  EXPECT_EQ(json_of(after_nanoseconds(253'402'300'800)), R"("+010000-01-01T00:00:00.000Z")");
  EXPECT_EQ(json_of(after_nanoseconds(8'640'000'000'001)), "null");
  EXPECT_EQ(json_of(after_nanoseconds(INT64_MIN)), "null");
  EXPECT_EQ(json_of(after_nanoseconds(INT64_MAX)), "null");
}

TEST(JsonFromMsgpack, KnowsNoOtherExtension) {
  EXPECT_EQ(json_of(bytes({0xD4, 0x00, 0x00})), kMalformed)
      << "undefined, as some encoders have it";
  EXPECT_EQ(json_of(bytes({0xC7, 3, 0x01, 1, 2, 3})), kMalformed);
  EXPECT_EQ(json_of(bytes({0xD5, 0xFF, 0, 0})), kMalformed) << "a date of two bytes";
  EXPECT_EQ(json_of(bytes({0xC7, 0, 0xFF})), kMalformed) << "a date of none";
}

TEST(JsonFromMsgpack, GoesNoDeeperThanAllowed) {
  const auto nested = [](std::size_t depth) { return std::string(depth - 1, '\x91') + '\x90'; };
  EXPECT_EQ(json_of(nested(8)), "[[[[[[[[]]]]]]]]");
  EXPECT_EQ(json_of(nested(9)), "(too deep)");
  EXPECT_EQ(json_of(nested(1'000'000)), "(too deep)");
  EXPECT_EQ(json_of(nested(1'024), 1'024), std::string(1'024, '[') + std::string(1'024, ']'));
  std::string maps;
  for (int i = 0; i < 1'000'000; ++i) maps += bytes({0x81, 0xA0});
  EXPECT_EQ(json_of(maps), "(too deep)");
  EXPECT_EQ(json_of(bytes({0x92, 0x90, 0x90}), 2), "[[],[]]") << "beside each other";
}

TEST(JsonFromMsgpack, TakesNothingLessAndNothingMore) {
  const std::string whole =
      bytes({0x97, 0xA7}, "emitter") + bytes({0x82, 0xA4}, "type") + bytes({2, 0xA4}, "data") +
      bytes({0x92, 0xCB, 0x3F, 0xF8, 0, 0, 0, 0, 0, 0, 0xC4, 1, 0}) +
      bytes({0xD9, 1, 'x', 0xDC, 0, 1, 0xC0, 0xC7, 4, 0xFF, 0, 0, 0, 0, 0xCD, 1, 0, 0xDE, 0, 0});
  ASSERT_EQ(json_of(whole),
            R"(["emitter",{"type":2,"data":[1.5,{"_placeholder":true,"num":0}]},"x",[null],)"
            R"("1970-01-01T00:00:00.000Z",256,{}])");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(json_of(whole.substr(0, size)), kMalformed) << size;
  }
  EXPECT_EQ(json_of(whole + '\xC0'), kMalformed);
}

TEST(JsonFromMsgpack, WaitsForNothingThatIsOnlyAnnounced) {
  for (const unsigned type : {0xC6U, 0xC9U, 0xDBU, 0xDDU, 0xDFU}) {
    EXPECT_EQ(json_of(bytes({type, 0xFF, 0xFF, 0xFF, 0xFF, 0xC0})), kMalformed) << type;
  }
  EXPECT_EQ(json_of(bytes({0xC1})), kMalformed) << "never used";
}

// Whatever one byte of it is: read or refused, and what is read is JSON.
TEST(JsonFromMsgpack, SurvivesEveryChangeOfAByte) {
  const std::string whole = bytes(
      {0x93, 0xA1, 'e', 0x81, 0xA1, 'd', 0x92, 0xC4, 1, 0, 0xCC, 200, 0xD6, 0xFF, 0, 0, 0, 0});
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (int value = 0; value < 256; ++value) {
      std::string changed = whole;
      changed[at] = static_cast<char>(value);
      const auto read = json_from_msgpack(changed, kDepth);
      if (const auto* good = std::get_if<JsonWithAttachments>(&read)) {
        EXPECT_EQ(json::validate(good->text, kDepth), json::Status::kOk) << good->text;
      }
    }
  }
}

}  // namespace
}  // namespace heliograph::emitter
