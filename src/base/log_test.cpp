#include "base/log.hpp"

#include <algorithm>
#include <sstream>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.hpp"

namespace heliograph::base {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

constexpr const char* kTime = R"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z)";

// The line that one call leaves, without its end.
template <typename Call>
std::string logged(LogFormat format, Call call) {
  std::ostringstream out;
  Log log(LogLevel::kDebug, format, out);
  call(log);
  std::string line = out.str();
  EXPECT_TRUE(line.ends_with('\n'));
  line.pop_back();
  return line;
}

TEST(Log, WritesAnEventAndItsFieldsAsText) {
  const std::string line = logged(LogFormat::kText, [](Log& log) {
    log.info("listening", {{"address", std::string("0.0.0.0")}, {"port", std::uint16_t{5000}}});
  });
  EXPECT_THAT(line,
              MatchesRegex(kTime + std::string(" info  listening address=0.0.0.0 port=5000")));
}

TEST(Log, WritesAnEventAndItsFieldsAsJson) {
  const std::string line = logged(LogFormat::kJson, [](Log& log) {
    log.warn("slow", {{"bytes", std::size_t{18446744073709551615u}},
                      {"delta", -7},
                      {"tls", false},
                      {"open", true},
                      {"why", "no reader"}});
  });
  EXPECT_THAT(
      line,
      MatchesRegex(
          R"(\{"time":")" + std::string(kTime) +
          R"(","level":"warn","event":"slow","bytes":18446744073709551615,"delta":-7,"tls":false,"open":true,"why":"no reader"\})"));
  EXPECT_EQ(json::validate(line, 1), json::Status::kOk);
}

TEST(Log, NamesEachLevel) {
  std::ostringstream out;
  Log log(LogLevel::kDebug, LogFormat::kText, out);
  log.debug("one");
  log.info("two");
  log.warn("three");
  log.error("four");
  EXPECT_THAT(out.str(), HasSubstr(" debug one\n"));
  EXPECT_THAT(out.str(), HasSubstr(" info  two\n"));
  EXPECT_THAT(out.str(), HasSubstr(" warn  three\n"));
  EXPECT_THAT(out.str(), HasSubstr(" error four\n"));
}

TEST(Log, LeavesOutWhatIsBelowItsLevel) {
  std::ostringstream out;
  Log log(LogLevel::kWarn, LogFormat::kText, out);
  log.debug("one");
  log.info("two");
  EXPECT_EQ(out.str(), "");
  log.warn("three");
  log.error("four");
  EXPECT_THAT(out.str(), HasSubstr("three"));
  EXPECT_THAT(out.str(), HasSubstr("four"));
}

TEST(Log, IsSilentWhenOff) {
  std::ostringstream out;
  Log log(LogLevel::kOff, LogFormat::kText, out);
  log.error("four");
  EXPECT_EQ(out.str(), "");
}

TEST(Log, EscapesWhatJsonCannotHold) {
  const std::string line = logged(LogFormat::kJson, [](Log& log) {
    log.info("request", {{"target", std::string_view("a\"b\\c\nd\0e\x1b", 10)}});
  });
  EXPECT_THAT(line, HasSubstr(R"("target":"a\"b\\c\nd\u0000e\u001b"})"));
  EXPECT_EQ(json::validate(line, 1), json::Status::kOk);
}

TEST(Log, IsJsonEvenWhereAFieldIsNoUtf8) {
  const std::string line = logged(LogFormat::kJson, [](Log& log) {
    log.info("request", {{"target", "/\xff\xc3(Gr\xc3\xbc"}});
  });
  EXPECT_THAT(line, HasSubstr(R"("target":"/??(Gr??")"));
  EXPECT_EQ(json::validate(line, 1), json::Status::kOk);
}

TEST(Log, PassesUtf8On) {
  const std::string line =
      logged(LogFormat::kJson, [](Log& log) { log.info("room", {{"name", "Grüße 🚀"}}); });
  EXPECT_THAT(line, HasSubstr(R"("name":"Grüße 🚀")"));
}

// A line break or an escape sequence in a value must not make up lines or colours.
TEST(Log, KeepsATextValueOnItsLine) {
  const std::string line = logged(LogFormat::kText, [](Log& log) {
    log.info("request", {{"target", "/a b\nerror forged x=1\x1b[31m"}, {"empty", ""}});
  });
  EXPECT_THAT(line, HasSubstr(R"(target="/a b\nerror forged x=1\u001b[31m" empty="")"));
  EXPECT_THAT(line, Not(HasSubstr("\n")));
}

TEST(Log, QuotesTextValuesThatHaveBlanksOrMarks) {
  const std::string line = logged(LogFormat::kText, [](Log& log) {
    log.info("e", {{"a", "one two"}, {"b", "x\ny"}, {"c", "k=v"}, {"d", "\""}, {"e", "plain"}});
  });
  EXPECT_THAT(line, HasSubstr(R"( e a="one two" b="x\ny" c="k=v" d="\"" e=plain)"));
}

TEST(Log, DoesNotTakeBracesForPlaceholders) {
  const std::string line =
      logged(LogFormat::kText, [](Log& log) { log.info("{}", {{"a", "{0}%v"}}); });
  EXPECT_THAT(line, HasSubstr(" {} a={0}%v"));
}

TEST(Log, KeepsLinesWholeBetweenThreads) {
  constexpr int kThreads = 4;
  constexpr int kLines = 500;
  std::ostringstream out;
  Log log(LogLevel::kInfo, LogFormat::kJson, out);
  {
    std::vector<std::jthread> threads;
    threads.reserve(kThreads);
    for (int thread = 0; thread < kThreads; ++thread) {
      threads.emplace_back([&log, thread] {
        for (int i = 0; i < kLines; ++i) log.info("tick", {{"thread", thread}, {"i", i}});
      });
    }
  }
  std::istringstream lines(out.str());
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    ASSERT_EQ(json::validate(line, 1), json::Status::kOk) << line;
  }
  EXPECT_EQ(count, kThreads * kLines);
}

}  // namespace
}  // namespace heliograph::base
