#include "base/log.hpp"

#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "base/json.hpp"
#include "base/testing/temporary_folder.hpp"

namespace heliograph::base {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

constexpr const char* kTime = R"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z)";

// A log into a file.
class LogToFile {
 public:
  explicit LogToFile(LogLevel level, LogFormat format = LogFormat::kText,
                     const LogSampling& sampling = {})
      : descriptor_(::open(path().c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)),
        log_(std::in_place, level, format, descriptor_, sampling) {}
  ~LogToFile() {
    log_.reset();
    ::close(descriptor_);
  }
  LogToFile(const LogToFile&) = delete;
  LogToFile& operator=(const LogToFile&) = delete;

  Log& log() { return *log_; }
  // Ends the log and returns all that it has written.
  std::string text() {
    log_.reset();
    std::ifstream file(path());
    return {std::istreambuf_iterator<char>(file), {}};
  }

 private:
  std::string path() const { return folder_.path() / "log"; }

  TemporaryFolder folder_;
  int descriptor_;
  std::optional<Log> log_;
};

// The line that one call leaves, without its end.
template <typename Call>
std::string logged(LogFormat format, Call call) {
  LogToFile file(LogLevel::kDebug, format);
  call(file.log());
  std::string line = file.text();
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
  LogToFile file(LogLevel::kDebug);
  file.log().debug("one");
  file.log().info("two");
  file.log().warn("three");
  file.log().error("four");
  const std::string text = file.text();
  EXPECT_THAT(text, HasSubstr(" debug one\n"));
  EXPECT_THAT(text, HasSubstr(" info  two\n"));
  EXPECT_THAT(text, HasSubstr(" warn  three\n"));
  EXPECT_THAT(text, HasSubstr(" error four\n"));
}

TEST(Log, LeavesOutWhatIsBelowItsLevel) {
  LogToFile file(LogLevel::kWarn);
  file.log().debug("one");
  file.log().info("two");
  EXPECT_FALSE(file.log().admits(LogLevel::kInfo, "two"));
  file.log().warn("three");
  file.log().error("four");
  EXPECT_THAT(file.text(), MatchesRegex(".* warn  three\n.* error four\n"));
}

TEST(Log, IsSilentWhenOff) {
  LogToFile file(LogLevel::kOff);
  file.log().error("four");
  EXPECT_EQ(file.text(), "");
}

TEST(Log, LeavesOutAFieldWithoutAName) {
  const std::string line = logged(LogFormat::kText, [](Log& log) {
    log.info("e", {optional_field("a", ""), optional_field("b", "c"), {"d", ""}});
  });
  EXPECT_THAT(line, HasSubstr(R"( e b=c d="")"));
}

// The sum of the numbers behind `mark`.
int sum_of(const std::string& text, std::string_view mark) {
  int sum = 0;
  for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1)) {
    sum += std::stoi(text.substr(at + mark.size()));
  }
  return sum;
}

TEST(Log, CountsTheLinesOfOneKindThatAreTooMany) {
  LogToFile file(LogLevel::kInfo, LogFormat::kText, {.burst = 2, .per_second = 0});
  for (int i = 0; i < 5; ++i) file.log().info("flood", {{"i", i}});
  file.log().warn("flood");
  file.log().info("other");
  const std::string text = file.text();
  EXPECT_THAT(text, HasSubstr(" info  flood i=1\n"));
  EXPECT_THAT(text, Not(HasSubstr("flood i=2")));
  EXPECT_THAT(text, HasSubstr(" warn  flood\n"));
  EXPECT_THAT(text, HasSubstr(" info  other\n"));
  EXPECT_EQ(sum_of(text, " info  log lines suppressed suppressed=flood count="), 3);
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
  constexpr int kLines = 100;  // so many fit into the queue
  LogToFile file(LogLevel::kInfo, LogFormat::kJson, {.burst = kThreads * kLines, .per_second = 0});
  Log& log = file.log();
  {
    std::vector<std::jthread> threads;
    threads.reserve(kThreads);
    for (int thread = 0; thread < kThreads; ++thread) {
      threads.emplace_back([&log, thread] {
        for (int i = 0; i < kLines; ++i) log.info("tick", {{"thread", thread}, {"i", i}});
      });
    }
  }
  std::istringstream lines(file.text());
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    ASSERT_EQ(json::validate(line, 1), json::Status::kOk) << line;
  }
  EXPECT_EQ(count, kThreads * kLines);
}

}  // namespace
}  // namespace heliograph::base
