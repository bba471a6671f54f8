#include "config/setting.hpp"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

namespace heliograph::config {
namespace {

const Setting& named(std::string_view flag) {
  return *std::ranges::find(settings(), flag, &Setting::flag);
}

bool takes(std::string_view flag, std::string_view text) {
  Config config;
  return assign(config, named(flag), text);
}

std::string put(std::string_view flag, std::string_view text) {
  Config config;
  return assign(config, named(flag), text) ? value_of(config, named(flag)) : "(refused)";
}

std::string flag_of(std::string_view environment) {
  std::string name(environment);
  std::ranges::transform(name, name.begin(),
                         [](char c) { return c == '_' ? '-' : static_cast<char>(c - 'A' + 'a'); });
  return name;
}

// Flag names follow from the variables' but for APP_PORT: the help and the docs rely on it.
TEST(Settings, AreNamedTheSameEverywhere) {
  std::set<std::string_view> flags;
  std::set<std::string_view> variables;
  for (const Setting& setting : settings()) {
    EXPECT_TRUE(flags.insert(setting.flag).second) << setting.flag;
    EXPECT_TRUE(variables.insert(setting.environment).second) << setting.environment;
    const std::string name = flag_of(setting.environment);
    EXPECT_EQ(setting.flag, name == "app-port" ? "port" : name);
  }
}

TEST(Settings, HaveFormerNamesThatAreFree) {
  for (const Setting& setting : settings()) {
    EXPECT_EQ(setting.former_flag, flag_of(setting.former_environment));
    if (!setting.former_flag.empty()) {
      EXPECT_EQ(setting_of_key(setting.former_flag), &setting);
    }
  }
  EXPECT_EQ(setting_of_key("websocket-origins"), &named("allowed-origins"));
  EXPECT_EQ(setting_of_key(""), nullptr);
}

// A default that its own row refuses could not be written down by an operator.
TEST(Settings, AllowTheirDefaults) {
  for (const Setting& setting : settings()) {
    Config defaults;
    const std::string value = value_of(defaults, setting);
    if (value.empty()) continue;
    EXPECT_TRUE(assign(defaults, setting, value)) << setting.flag << ' ' << value;
    EXPECT_EQ(value_of(defaults, setting), value) << setting.flag;
  }
}

TEST(Settings, SayWhatTheyAllow) {
  for (const Setting& setting : settings()) {
    EXPECT_NE(allowed(setting), "") << setting.flag;
    EXPECT_NE(setting.help, "") << setting.flag;
    EXPECT_NE(setting.unit, "") << setting.flag;
  }
  EXPECT_EQ(allowed(named("port")), "a whole number from 0 to 65535");
  EXPECT_EQ(allowed(named("demo")), "on or off");
}

// Two rows that write to the same place would each undo the other.
TEST(Settings, EachHaveTheirOwnPlace) {
  for (const Setting& one : settings()) {
    Config config;
    for (const std::string_view text :
         {"7777", "on", "off", "debug", "json", "/tmp", "https://x.example",
          "a text of more than thirty-two bytes.", R"([{"urls":"stun:x"}])", "turn:turn.example"}) {
      if (assign(config, one, text)) break;
    }
    for (const Setting& other : settings()) {
      Config defaults;
      if (one.flag == other.flag) continue;
      EXPECT_EQ(value_of(config, other), value_of(defaults, other)) << one.flag << other.flag;
    }
  }
}

TEST(Assign, ReadsWholeNumbersWithinTheirRange) {
  EXPECT_EQ(put("port", "0"), "0");
  EXPECT_EQ(put("port", "65535"), "65535");
  EXPECT_EQ(put("ping-interval", "1"), "1");
  for (const std::string_view text :
       {"", "65536", "-1", "+1", " 1", "1 ", "1.0", "1e3", "0x10", "abc", "99999999999999999999"}) {
    EXPECT_FALSE(takes("port", text)) << text;
  }
  EXPECT_FALSE(takes("ping-interval", "0"));
}

TEST(Assign, ReadsNames) {
  EXPECT_EQ(put("demo", "on"), "on");
  EXPECT_EQ(put("log-level", "error"), "error");
  EXPECT_EQ(put("log-format", "json"), "json");
  EXPECT_FALSE(takes("demo", "yes"));
  EXPECT_FALSE(takes("demo", "On"));
  EXPECT_FALSE(takes("log-level", "trace"));
  EXPECT_FALSE(takes("log-format", ""));
}

TEST(Assign, ReadsListsOfOrigins) {
  EXPECT_EQ(put("cors-origin", " https://a.example , https://b.example "),
            "https://a.example,https://b.example");
  EXPECT_EQ(put("allowed-origins", "*"), "*");
  EXPECT_EQ(put("allowed-origins", "null,file://,https://a.example"),
            "null,file://,https://a.example");
  EXPECT_FALSE(takes("cors-origin", "null")) << "pages of any site can send it";
  EXPECT_FALSE(takes("cors-origin", ""));
  EXPECT_FALSE(takes("cors-origin", "https://a.example,,https://b.example"));
  EXPECT_FALSE(takes("cors-origin", "https://a.example,"));
  EXPECT_FALSE(takes("cors-origin", "https://a.example/"));
}

TEST(Assign, ReadsListsOfTurnServersAndTheirSecrets) {
  EXPECT_EQ(put("turn-urls", "turn:a.example, turns:b.example:443?transport=tcp"),
            "turn:a.example,turns:b.example:443?transport=tcp");
  EXPECT_FALSE(takes("turn-urls", ""));
  EXPECT_FALSE(takes("turn-urls", "turn:a.example,"));
  EXPECT_FALSE(takes("turn-urls", "turn:a.example,stun:a.example"));
  EXPECT_EQ(put("turn-secret", "north"), "north");
  EXPECT_EQ(put("turn-secret", "north,south"), "north,south");
  EXPECT_FALSE(takes("turn-secret", ""));
  EXPECT_FALSE(takes("turn-secret", "north,"));
  EXPECT_FALSE(takes("turn-secret", "north,south,west"));
  EXPECT_FALSE(takes("turn-secret", std::string(1'025, 'x')));
  EXPECT_FALSE(takes("turn-ttl", "0"));
  EXPECT_FALSE(takes("turn-ttl", "2592001"));
}

TEST(Assign, ReadsSourcesOfAPolicy) {
  EXPECT_EQ(put("frame-ancestors", "self https://a.example"), "self https://a.example");
  EXPECT_FALSE(takes("frame-ancestors", "https://a.example; script-src *"));
  EXPECT_FALSE(takes("frame-ancestors", ""));
}

TEST(Assign, WantsAFolderThatExists) {
  EXPECT_TRUE(takes("public-dir", "/tmp"));
  EXPECT_FALSE(takes("public-dir", "/nonexistent"));
  EXPECT_FALSE(takes("public-dir", "/dev/null"));
  EXPECT_FALSE(takes("public-dir", ""));
}

TEST(Assign, WantsLongSecretsButInDevelopment) {
  EXPECT_TRUE(takes("app-secret", std::string(32, 'x')));
  EXPECT_FALSE(takes("app-secret", std::string(31, 'x')));
  EXPECT_TRUE(takes("app-pass", std::string(12, 'x')));
  EXPECT_FALSE(takes("app-pass", std::string(11, 'x')));
  Config config;
  config.dev = true;
  EXPECT_TRUE(assign(config, named("app-pass"), "short"));
  EXPECT_FALSE(assign(config, named("app-pass"), ""));
}

TEST(Assign, LeavesTheFieldAloneWhenItRefuses) {
  Config config;
  EXPECT_FALSE(assign(config, named("cors-origin"), "https://a.example,b"));
  EXPECT_FALSE(assign(config, named("port"), "70000"));
  EXPECT_EQ(value_of(config, named("cors-origin")), "*");
  EXPECT_EQ(value_of(config, named("port")), "5000");
}

}  // namespace
}  // namespace heliograph::config
