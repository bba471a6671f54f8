#include "config/manual.hpp"

#include <algorithm>
#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/flags.hpp"
#include "config/setting.hpp"

namespace heliograph::config {
namespace {

using testing::HasSubstr;

std::string without_backslashes(std::string text) {
  std::erase(text, '\\');
  return text;
}

TEST(ManPageTest, NamesEachSettingItsVariableAndEachSubcommand) {
  const std::string page = without_backslashes(man_page());
  for (const Setting& setting : settings()) {
    EXPECT_THAT(page, HasSubstr(fmt::format("--{}", setting.flag)));
    EXPECT_THAT(page, HasSubstr(fmt::format("Variable: {}", setting.environment)));
  }
  for (const Subcommand& subcommand : subcommands()) {
    EXPECT_THAT(page, HasSubstr(fmt::format(".SS {}\n", subcommand.name)));
    for (const Command& flag : subcommand.flags) EXPECT_THAT(page, HasSubstr(flag.flag));
  }
}

TEST(CompletionTest, NamesEachFlagAndEachSubcommand) {
  for (const std::string_view shell : {"bash", "zsh"}) {
    const std::string script = completion(shell);
    for (const Setting& setting : settings()) EXPECT_THAT(script, HasSubstr(setting.flag));
    for (const Command& command : commands()) EXPECT_THAT(script, HasSubstr(command.flag));
    for (const Subcommand& subcommand : subcommands()) {
      EXPECT_THAT(script, HasSubstr(subcommand.name));
      for (const Command& flag : subcommand.flags) EXPECT_THAT(script, HasSubstr(flag.flag));
    }
  }
}

}  // namespace
}  // namespace heliograph::config
