#include "config/file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/ice.hpp"

namespace heliograph::config {
namespace {

using testing::HasSubstr;

// `line key=text`, or `line key!problem`, an entry each.
std::string read(std::string_view toml) {
  std::string out;
  for (const FileEntry& entry : parse_file(toml)) {
    out += std::to_string(entry.line) + ' ' + entry.key +
           (entry.problem.empty() ? '=' + entry.text : '!' + entry.problem) + '\n';
  }
  return out;
}

TEST(ParseFile, ReadsValuesInTheOrderOfTheirLines) {
  EXPECT_EQ(read("# comment\n"
                 "port = 5000\n"
                 "\n"
                 "host = \"127.0.0.1\"  # mine\n"
                 "demo = true\n"
                 "app-pass = 'literal \\ text'\n"
                 "dev = false\n"),
            "2 port=5000\n"
            "4 host=127.0.0.1\n"
            "5 demo=on\n"
            "6 app-pass=literal \\ text\n"
            "7 dev=off\n");
}

// What CLI11's own reader cuts short or takes apart.
TEST(ParseFile, KeepsTextsWhole) {
  EXPECT_EQ(read(R"(app-pass = "a#b, c = [d] \"e\" ;f")"), "1 app-pass=a#b, c = [d] \"e\" ;f\n");
}

TEST(ParseFile, JoinsListsOfTexts) {
  EXPECT_EQ(read("cors-origin = [\n  \"https://a.example\",\n  \"https://b.example\",\n]\n"),
            "1 cors-origin=https://a.example,https://b.example\n");
}

TEST(ParseFile, WritesTablesAsJson) {
  const std::vector<FileEntry> entries = parse_file(
      "[[ice-servers]]\n"
      "urls = [\"stun:a.example\", \"turn:b.example\"]\n"
      "username = \"quote \\\" backslash \\\\ é\"\n"
      "credential = \"c\"\n"
      "[[ice-servers]]\n"
      "urls = \"stun:c.example\"\n");
  ASSERT_EQ(entries.size(), 1u);
  EXPECT_EQ(entries[0].key, "ice-servers");
  EXPECT_TRUE(are_ice_servers(entries[0].text)) << entries[0].text;
  EXPECT_THAT(entries[0].text, HasSubstr(R"("quote \" backslash \\ é")"));
}

TEST(ParseFile, WritesNoServersAsAnEmptyArray) {
  EXPECT_EQ(read("ice-servers = []"), "1 ice-servers=[]\n");
}

TEST(ParseFile, TakesNoSectionsAndNoOtherTypes) {
  EXPECT_EQ(read("port = 1.5\n[server]\nhost = 'x'\n"),
            "1 port!must be a text or a number\n2 server!no settings stand in sections\n");
  EXPECT_EQ(read("when = 2026-01-01\n"), "1 when!must be a text or a number\n");
}

TEST(ParseFile, SaysWhereItIsNoToml) {
  for (const std::string_view line : {"port", "port =", "log-level = debug", "port = 5000 5001",
                                      "= 1", "[", "port = 1\nport = 2", "host = \"\xff\""}) {
    const std::vector<FileEntry> entries = parse_file("# first\n" + std::string(line));
    ASSERT_EQ(entries.size(), 1u) << line;
    EXPECT_EQ(entries[0].line, line.find('\n') == std::string_view::npos ? 2u : 3u) << line;
    EXPECT_THAT(entries[0].problem, HasSubstr("is no TOML")) << line;
  }
}

TEST(ParseFile, ReadsNothingFromNothing) {
  EXPECT_EQ(read(""), "");
  EXPECT_EQ(read("\n# only a comment\n"), "");
}

}  // namespace
}  // namespace heliograph::config
