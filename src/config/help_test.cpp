#include "config/help.hpp"

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/flags.hpp"
#include "config/limits.hpp"
#include "config/setting.hpp"

namespace heliograph::config {
namespace {

using testing::HasSubstr;

TEST(HelpText, NamesEverySettingWithItsDefault) {
  const std::string help = help_text();
  for (const Setting& setting : settings()) {
    EXPECT_THAT(help, HasSubstr("\n  --" + std::string(setting.flag) + ' '));
    EXPECT_THAT(help, HasSubstr('\n' + std::string(title_of(setting.group)) + '\n'));
  }
  EXPECT_THAT(help, HasSubstr("TCP port; 0 chooses a free one and logs it (default 5000)"));
  EXPECT_THAT(help, HasSubstr("--check-config"));
  EXPECT_THAT(help, HasSubstr("heliograph --dev"));
}

TEST(HelpText, FitsATerminalAndLinesUp) {
  std::istringstream lines(help_text());
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(line.size(), 100u) << line;
    EXPECT_FALSE(line.ends_with(' ')) << line;
    if (line.starts_with("  --")) {
      EXPECT_EQ(line[34], ' ') << line;
      EXPECT_NE(line[35], ' ') << line;
    }
  }
}

std::string committed(const char* page) {
  const std::filesystem::path root = HELIOGRAPH_SOURCE_DIR;
  std::ifstream file(root / "docs" / page, std::ios::binary);
  EXPECT_TRUE(file.is_open());
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// If this fails, run `heliograph --print-configuration-docs > docs/configuration.md`.
TEST(ConfigurationDocs, AreCommittedAsTheyAre) {
  EXPECT_EQ(committed("configuration.md"), configuration_docs());
}

// If this fails, run `heliograph --print-limits-docs > docs/limits.md`.
TEST(LimitsDocs, AreCommittedAsTheyAre) { EXPECT_EQ(committed("limits.md"), limits_docs()); }

TEST(LimitsDocs, HaveARowForEachLimit) {
  std::set<std::string_view> noted;
  for (const LimitNote& note : limit_notes()) {
    ASSERT_NE(setting_of_key(note.flag), nullptr) << note.flag;
    EXPECT_TRUE(noted.insert(note.flag).second) << note.flag << " comes twice";
  }
  for (const Setting& setting : settings()) {
    const bool is_limit = setting.group == Group::kLimits && setting.flag != "send-request-errors";
    EXPECT_TRUE(!is_limit || noted.contains(setting.flag)) << setting.flag;
  }
}

}  // namespace
}  // namespace heliograph::config
