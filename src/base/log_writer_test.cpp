#include "base/log_writer.hpp"

#include <array>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace heliograph::base {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr LogSampling kUnlimited{.burst = 1e9, .per_second = 1e9};

// A pipe that is full from the start, as one that nobody reads.
class FullPipe {
 public:
  explicit FullPipe(int flags = 0) {
    EXPECT_EQ(::pipe2(ends_.data(), O_CLOEXEC), 0);
    ::fcntl(writer(), F_SETFL, O_NONBLOCK);
    const std::string filling(4096, '.');
    for (;;) {
      const ssize_t written = ::write(writer(), filling.data(), filling.size());
      if (written < 0) break;
      filled_ += static_cast<std::size_t>(written);
    }
    ::fcntl(writer(), F_SETFL, flags);
  }
  ~FullPipe() {
    close_reader();
    if (writer() >= 0) ::close(writer());
  }
  FullPipe(const FullPipe&) = delete;
  FullPipe& operator=(const FullPipe&) = delete;

  int writer() const { return ends_[1]; }
  void close_reader() {
    if (ends_[0] >= 0) ::close(ends_[0]);
    ends_[0] = -1;
  }

  // For a thread that is still writing.
  void leave_open() { ends_ = {-1, -1}; }

  // Reads, without what the pipe was filled with, until it ends with a line that holds `text`.
  std::string read_until(std::string_view text) {
    std::string all;
    std::array<char, 4096> buffer{};
    for (;;) {
      const std::size_t line = all.rfind('\n', all.size() < 2 ? 0 : all.size() - 2);
      if (all.ends_with('\n') &&
          all.find(text, line == std::string::npos ? 0 : line) != std::string::npos) {
        return all.substr(filled_);
      }
      const ssize_t got = ::read(ends_[0], buffer.data(), buffer.size());
      if (got <= 0) return all;
      all.append(buffer.data(), static_cast<std::size_t>(got));
    }
  }

 private:
  std::array<int, 2> ends_{-1, -1};
  std::size_t filled_ = 0;
};

std::uint64_t dropped(const std::string& text) {
  const std::string_view mark = "log lines dropped count=";
  std::uint64_t sum = 0;
  for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1)) {
    sum += std::strtoull(text.c_str() + at + mark.size(), nullptr, 10);
  }
  return sum;
}

std::uint64_t count(const std::string& text, std::string_view what) {
  std::uint64_t sum = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) {
    ++sum;
  }
  return sum;
}

TEST(LogWriterTest, DropsWhatAReaderThatDoesNotReadLeavesNoRoomForAndCountsIt) {
  FullPipe pipe;
  LogWriter writer(pipe.writer(), LogFormat::kText, kUnlimited);
  constexpr std::uint64_t kLines = 20'000;
  for (std::uint64_t i = 0; i < kLines; ++i) writer.push("a line of the log, such as they are\n");
  const std::string text = pipe.read_until("log lines dropped");
  EXPECT_THAT(text, StartsWith("a line of the log"));
  EXPECT_GT(dropped(text), 0U);
  EXPECT_EQ(count(text, "a line") + dropped(text), kLines);
}

TEST(LogWriterTest, EndsAlthoughNobodyReads) {
  FullPipe pipe;
  std::optional<LogWriter> writer(std::in_place, pipe.writer(), LogFormat::kText, kUnlimited);
  writer->push("never read\n");
  writer.reset();  // or this test takes for ever
  pipe.leave_open();
}

TEST(LogWriterTest, WaitsForAReaderOfANonBlockingPipe) {
  FullPipe pipe(O_NONBLOCK);
  LogWriter writer(pipe.writer(), LogFormat::kText, kUnlimited);
  writer.push("one\n");
  writer.push("two\n");
  EXPECT_EQ(pipe.read_until("two"), "one\ntwo\n");
}

TEST(LogWriterTest, GoesOnWithoutAReader) {
  FullPipe pipe;
  pipe.close_reader();
  LogWriter writer(pipe.writer(), LogFormat::kText, kUnlimited);
  for (int i = 0; i < 10; ++i) writer.push("nobody is there\n");
}

TEST(LogWriterTest, TellsWhatAFullDiskHasTakenOnceThereIsRoom) {
  const int descriptor = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
  std::optional<LogWriter> writer(std::in_place, descriptor, LogFormat::kText, kUnlimited);
  for (int i = 0; i < 7; ++i) writer->push("lost\n");
  while (writer->dropped() < 7) std::this_thread::yield();

  FullPipe pipe;
  ::dup2(pipe.writer(), descriptor);
  writer->push("there is room again\n");
  const std::string text = pipe.read_until("dropped");
  EXPECT_THAT(text, StartsWith("there is room again\n"));
  EXPECT_EQ(dropped(text), 7U);
  writer.reset();
  ::close(descriptor);
}

TEST(LogWriterTest, TellsOfSuppressedLinesWithoutAnyFurtherLine) {
  FullPipe pipe;
  LogWriter writer(pipe.writer(), LogFormat::kJson, {.burst = 1, .per_second = 0});
  for (int i = 0; i < 4; ++i) writer.admits(LogLevel::kWarn, "flood", "kind");
  EXPECT_THAT(
      pipe.read_until("suppressed"),
      HasSubstr(
          R"("level":"warn","event":"log lines suppressed","suppressed":"flood","kind":"kind","count":)"));
}

}  // namespace
}  // namespace heliograph::base
