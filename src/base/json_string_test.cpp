#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "base/json.hpp"

namespace heliograph::json {
namespace {

using namespace std::string_literals;

std::optional<std::string> decoded(const std::string& text) {
  EXPECT_EQ(validate(text, 1), Status::kOk) << text;
  return decode_string({text, Kind::kString});
}

std::string written(std::string_view utf8) {
  std::string out;
  append_string(out, utf8);
  return out;
}

TEST(JsonString, DecodesPlainText) {
  EXPECT_EQ(decoded(R"("")"), "");
  EXPECT_EQ(decoded(R"("abc")"), "abc");
  EXPECT_EQ(decoded("\"\xc3\xa9\xf0\x9f\x98\x80\""), "\xc3\xa9\xf0\x9f\x98\x80");
}

TEST(JsonString, DecodesEveryEscape) {
  EXPECT_EQ(decoded(R"("\"\\\/\b\f\n\r\t")"), "\"\\/\b\f\n\r\t");
  EXPECT_EQ(decoded(R"("a\nb\\c\"d")"), "a\nb\\c\"d");
  EXPECT_EQ(decoded(R"("\u0041\u007a")"), "Az");
  EXPECT_EQ(decoded(R"("x\u0000y")"), "x\0y"s);
}

TEST(JsonString, DecodesEachLengthOfUtf8) {
  EXPECT_EQ(decoded(R"("\u007f\u0080")"), "\x7f\xc2\x80");
  EXPECT_EQ(decoded(R"("\u07ff\u0800")"), "\xdf\xbf\xe0\xa0\x80");
  EXPECT_EQ(decoded(R"("\ud7ff\ue000\uFFFF")"), "\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf");
  EXPECT_EQ(decoded(R"("\ud800\udc00\uDBFF\uDFFF")"), "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf");
  EXPECT_EQ(decoded(R"("\uD83D\uDE00!")"), "\xf0\x9f\x98\x80!");
}

TEST(JsonString, ALoneSurrogateHasNoUtf8) {
  for (const char* text :
       {R"("\ud83d")", R"("\ude00")", R"("\ud83d\ud83d")", R"("\ude00\ud83d")", R"("\ud83dx")",
        R"("\ud83d\n")", R"("\ud83d\u0041")", R"("ok \ud83d\ude00 \udc00")", R"("\ud83d\ue000")"}) {
    EXPECT_EQ(decoded(text), std::nullopt) << text;
  }
}

TEST(JsonString, OnlyStringsDecodeToStrings) {
  EXPECT_EQ(decode_string({"1", Kind::kNumber}), std::nullopt);
  EXPECT_EQ(decode_string({"null", Kind::kNull}), std::nullopt);
  EXPECT_EQ(decode_string({"[\"a\"]", Kind::kArray}), std::nullopt);
}

TEST(JsonUnsigned, DecodesDigits) {
  const auto number = [](std::string_view text) { return decode_unsigned({text, Kind::kNumber}); };
  EXPECT_EQ(number("0"), 0u);
  EXPECT_EQ(number("17"), 17u);
  EXPECT_EQ(number("18446744073709551615"), 18446744073709551615u);
}

TEST(JsonUnsigned, RefusesWhatIsNotDigitsBelowTheLimit) {
  for (const char* text :
       {"-1", "-0", "1.0", "1e3", "0.5", "18446744073709551616", "100000000000000000000000000"}) {
    EXPECT_EQ(decode_unsigned({text, Kind::kNumber}), std::nullopt) << text;
  }
  EXPECT_EQ(decode_unsigned({"\"1\"", Kind::kString}), std::nullopt);
  EXPECT_EQ(decode_unsigned({"true", Kind::kTrue}), std::nullopt);
}

TEST(JsonString, WritesAsJsonStringifyDoes) {
  EXPECT_EQ(written(""), R"("")");
  EXPECT_EQ(written("abc/'\x7f"), "\"abc/'\x7f\"");
  EXPECT_EQ(written("say \"hi\" \\ there"), R"("say \"hi\" \\ there")");
  EXPECT_EQ(written("\b\f\n\r\t"), R"("\b\f\n\r\t")");
  EXPECT_EQ(written("\0\x01\x1e\x1f"s), R"("\u0000\u0001\u001e\u001f")");
  EXPECT_EQ(written("\xc3\xa9\xf0\x9f\x98\x80\xe2\x80\xa8"),
            "\"\xc3\xa9\xf0\x9f\x98\x80\xe2\x80\xa8\"");
}

TEST(JsonString, WritesBehindWhatIsThere) {
  std::string out = "{\"a\":";
  append_string(out, "b\n");
  EXPECT_EQ(out, R"({"a":"b\n")");
}

TEST(JsonString, DecodesWhatItWrites) {
  std::string every_ascii;
  for (char c = 0; c < 0x7f; ++c) every_ascii.push_back(c);
  EXPECT_EQ(decoded(written(every_ascii)), every_ascii);
  EXPECT_EQ(decoded(written(every_ascii + every_ascii + "\xc3\xa9")),
            every_ascii + every_ascii + "\xc3\xa9");
}

}  // namespace
}  // namespace heliograph::json
