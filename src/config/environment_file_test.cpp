#include "config/environment_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace heliograph::config {
namespace {

using testing::ElementsAre;
using testing::FieldsAre;
using testing::HasSubstr;
using testing::IsEmpty;

auto value(unsigned line, std::string_view name, std::string_view text) {
  return FieldsAre(line, name, text, "");
}

TEST(ParseEnvironmentFileTest, SkipsCommentsAndEmptyLines) {
  EXPECT_THAT(parse_environment_file("# one\n\n  ; two\nA=b\n \t\n"),
              ElementsAre(value(4, "A", "b")));
  EXPECT_THAT(parse_environment_file(""), IsEmpty());
}

TEST(ParseEnvironmentFileTest, TakesTheRestOfALineAsTheValue) {
  EXPECT_THAT(parse_environment_file("A=b=c # d\n B_2 = e f \nC="),
              ElementsAre(value(1, "A", "b=c # d"), value(2, "B_2", "e f"), value(3, "C", "")));
}

TEST(ParseEnvironmentFileTest, TakesQuotesOff) {
  EXPECT_THAT(
      parse_environment_file(R"(A=" b "
B='c"\d'
C="say \"\\\x\""
D=e"f"
E="")"),
      ElementsAre(value(1, "A", " b "), value(2, "B", R"(c"\d)"), value(3, "C", R"(say "\\x")"),
                  value(4, "D", R"(e"f")"), value(5, "E", "")));
}

TEST(ParseEnvironmentFileTest, TakesBackslashesAsSystemdDoes) {
  EXPECT_THAT(parse_environment_file(R"(A=a\b
B=a\\
C="a\b"
D=\"a)"),
              ElementsAre(value(1, "A", "ab"), value(2, "B", R"(a\)"), value(3, "C", R"(a\b)"),
                          value(4, "D", "\"a")));
}

TEST(ParseEnvironmentFileTest, ReadsLinesThatWindowsHasEnded) {
  EXPECT_THAT(parse_environment_file("A=b\r\n\r\nC=d\r\n"),
              ElementsAre(value(1, "A", "b"), value(3, "C", "d")));
}

TEST(ParseEnvironmentFileTest, SaysWhatIsWrongWithALine) {
  const auto problem_of = [](std::string_view text) {
    const auto lines = parse_environment_file(text);
    return lines.size() == 1 ? lines[0].problem : "not one line";
  };
  for (const std::string_view text : {"A", "=b", "1A=b", "export A=b", "A-B=c", "Ä=b"}) {
    EXPECT_THAT(problem_of(text), HasSubstr("NAME=value")) << text;
  }
  for (const std::string_view text : {"A=\"b", "A='b' c", "A='"}) {
    EXPECT_THAT(problem_of(text), HasSubstr("quote")) << text;
  }
  EXPECT_THAT(problem_of("A=b\\"), HasSubstr("end in its line"));
}

TEST(WithValueTest, FillsTheEmptyLineOfTheName) {
  EXPECT_EQ(with_value("# A\nA=\nB=c\n", "A", "x"), "# A\nA=x\nB=c\n");
  EXPECT_EQ(with_value("A=''\nA=\n", "A", "x"), "A=x\nA=\n");
}

TEST(WithValueTest, AddsALineIfTheNameHasNone) {
  EXPECT_EQ(with_value("B=c", "A", "x"), "B=c\nA=x\n");
  EXPECT_EQ(with_value("#A=\nAB=\n", "A", "x"), "#A=\nAB=\nA=x\n");
  EXPECT_EQ(with_value("", "A", "x"), "A=x\n");
}

}  // namespace
}  // namespace heliograph::config
