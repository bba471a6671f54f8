#include "config/flags.hpp"

#include <gtest/gtest.h>

namespace heliograph::config {
namespace {

Flags parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "heliograph");
  return parse_flags(static_cast<int>(arguments.size()), arguments.data());
}

std::string value(const Flags& flags, std::string_view name) {
  for (const FlagValue& value : flags.values) {
    if (value.setting->flag == name) return value.text;
  }
  return "(absent)";
}

TEST(ParseFlags, ReadsBothSpellingsOfAValue) {
  const Flags flags = parse({"--port", "8080", "--host=::1"});
  EXPECT_EQ(flags.problem, std::nullopt);
  EXPECT_EQ(value(flags, "port"), "8080");
  EXPECT_EQ(value(flags, "host"), "::1");
  EXPECT_EQ(value(flags, "workers"), "(absent)");
}

TEST(ParseFlags, TakesTheLastOfSeveral) {
  EXPECT_EQ(value(parse({"--port", "1", "--port", "2"}), "port"), "2");
}

TEST(ParseFlags, KnowsFormerNames) {
  const Flags flags = parse({"--websocket-origins", "https://a.example"});
  EXPECT_EQ(flags.problem, std::nullopt);
  EXPECT_EQ(value(flags, "allowed-origins"), "https://a.example");
}

TEST(ParseFlags, KeepsValuesWhole) {
  const char* json = R"([{"urls":["stun:a","stun:b"]},{"urls":"stun:c"}])";
  EXPECT_EQ(value(parse({"--ice-servers", json}), "ice-servers"), json);
  EXPECT_EQ(value(parse({"--app-pass", "a b,c\"d'"}), "app-pass"), "a b,c\"d'");
  EXPECT_EQ(value(parse({"--app-pass", ""}), "app-pass"), "");
}

TEST(ParseFlags, ReadsTheCommands) {
  EXPECT_TRUE(parse({"--help"}).help);
  EXPECT_TRUE(parse({"-h"}).help);
  EXPECT_TRUE(parse({"--version"}).version);
  EXPECT_TRUE(parse({"--dev"}).dev);
  EXPECT_TRUE(parse({"--check-config"}).check_config);
  EXPECT_EQ(parse({"--config", "a.toml"}).config, "a.toml");
  const Flags none = parse({});
  EXPECT_FALSE(none.help || none.version || none.dev || none.check_config || none.config);
  EXPECT_TRUE(none.values.empty());
}

TEST(ParseFlags, ReadsSubcommandsAndTheirFlags) {
  EXPECT_TRUE(std::holds_alternative<std::monostate>(parse({"--port", "1"}).subcommand));
  const Flags setup =
      parse({"setup", "--public-url", "https://a.example", "--environment-file", "f"});
  EXPECT_EQ(setup.problem, std::nullopt);
  EXPECT_EQ(std::get<SetupFlags>(setup.subcommand).public_url, "https://a.example");
  EXPECT_EQ(setup.environment_file, "f");
  const Flags token = parse({"token", "--app", "x", "--lifetime", "60", "--app-secret", "s"});
  EXPECT_EQ(token.problem, std::nullopt);
  EXPECT_EQ(std::get<TokenFlags>(token.subcommand).app, "x");
  EXPECT_EQ(std::get<TokenFlags>(token.subcommand).lifetime, 60U);
  EXPECT_EQ(value(token, "app-secret"), "s");
}

TEST(ParseFlags, ReadsHealthWithAndWithoutAUrl) {
  EXPECT_EQ(parse({}).health, std::nullopt);
  EXPECT_EQ(parse({"--health"}).health, "");
  EXPECT_EQ(parse({"--health", "http://a.example"}).health, "http://a.example");
  const Flags both = parse({"--health", "--wait", "3", "--port", "1"});
  EXPECT_EQ(both.health, "");
  EXPECT_EQ(both.wait, 3U);
}

TEST(ParseFlags, SaysWhatIsWrong) {
  EXPECT_EQ(parse({"--prot", "1"}).problem, "--prot is no flag; did you mean --port?");
  EXPECT_EQ(parse({"--APP_PORT=1"}).problem, "--APP_PORT is no flag; did you mean --port?");
  EXPECT_EQ(parse({"--nothing-like-it"}).problem, "--nothing-like-it is no flag");
  EXPECT_EQ(parse({"token", "--ap", "x"}).problem, "--ap is no flag; did you mean --app?");
  EXPECT_EQ(parse({"--port"}).problem, "--port needs a value");
  EXPECT_EQ(parse({"5000"}).problem,
            "5000 is not expected: settings are given as flags, and setup or token stand first");
  EXPECT_EQ(parse({"--config"}).problem, "--config needs a value");
  EXPECT_EQ(parse({"--"}).problem, std::nullopt);
}

TEST(NearestFlag, GuessesWithinTwoSlips) {
  EXPECT_EQ(nearest_flag("prot"), "port");
  EXPECT_EQ(nearest_flag("PING_INTERVAL"), "ping-interval");
  EXPECT_EQ(nearest_flag("app_port"), "port");
  EXPECT_EQ(nearest_flag("chekc-config"), "check-config");
  EXPECT_EQ(nearest_flag("websocket-origin"), "allowed-origins") << "the name that it has now";
  EXPECT_EQ(nearest_flag("something"), std::nullopt);
  EXPECT_EQ(nearest_flag(""), std::nullopt);
}

}  // namespace
}  // namespace heliograph::config
