#include "config/help.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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
  EXPECT_THAT(help, HasSubstr("TCP port; 0 takes any free one and logs it (default 5000)"));
  EXPECT_THAT(help, HasSubstr("--check-config"));
  EXPECT_THAT(help, HasSubstr("heliograph --dev"));
}

TEST(HelpText, FitsATerminalAndLinesUp) {
  std::istringstream lines(help_text());
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(line.size(), 100u) << line;
    EXPECT_FALSE(line.ends_with(' ')) << line;
    if (line.starts_with("  --")) {
      EXPECT_EQ(line[31], ' ') << line;
      EXPECT_NE(line[32], ' ') << line;
    }
  }
}

// If this fails, run `heliograph --print-configuration-docs > docs/configuration.md`.
TEST(ConfigurationDocs, AreCommittedAsTheyAre) {
  const std::filesystem::path root = HELIOGRAPH_SOURCE_DIR;
  std::ifstream file(root / "docs" / "configuration.md", std::ios::binary);
  ASSERT_TRUE(file.is_open());
  std::ostringstream committed;
  committed << file.rdbuf();
  EXPECT_EQ(committed.str(), configuration_docs());
}

}  // namespace
}  // namespace heliograph::config
