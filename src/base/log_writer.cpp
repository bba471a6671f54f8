#include "base/log_writer.hpp"

#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include <unistd.h>

namespace heliograph::base {
namespace {

constexpr std::chrono::seconds kReportInterval{1};
constexpr std::chrono::seconds kLastWords{1};
// Between attempts to write to a descriptor that somebody has made non-blocking.
constexpr std::chrono::milliseconds kRetry{20};

class Descriptor {
 public:
  explicit Descriptor(int descriptor) : descriptor_(descriptor) {}

  // Returns false if the line is lost. A line that was cut short is ended before the next.
  bool write(std::string_view line) {
    if (is_cut_short_) {
      if (write_some("\n") == 0) return false;
      is_cut_short_ = false;
    }
    for (std::string_view rest = line; !rest.empty();) {
      const std::size_t written = write_some(rest);
      if (written == 0) {
        is_cut_short_ = rest.size() < line.size();
        return false;
      }
      rest.remove_prefix(written);
    }
    return true;
  }

 private:
  // Returns 0 upon an error that waiting does not cure, such as ENOSPC or EPIPE.
  std::size_t write_some(std::string_view bytes) const {
    for (;;) {
      const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
      if (written > 0) return static_cast<std::size_t>(written);
      if (written == 0 || (errno != EINTR && errno != EAGAIN)) return 0;
      if (errno == EAGAIN) std::this_thread::sleep_for(kRetry);
    }
  }

  int descriptor_;
  bool is_cut_short_ = false;
};

}  // namespace

class LogWriter::Queue {
 public:
  Queue(int descriptor, LogFormat format, const LogSampling& sampling)
      : descriptor_(descriptor), format_(format), sampler_(sampling) {}

  bool admits(LogLevel level, std::string_view event, std::string_view kind) {
    const TimePoint now = Clock::now();
    const std::scoped_lock lock(mutex_);
    const bool has_to_report = sampler_.has_suppressed();
    if (sampler_.admits(level, event, kind, now)) return true;
    if (!has_to_report) {
      next_report_ = now + kReportInterval;
      work_.notify_one();
    }
    return false;
  }

  void push(std::string line) {
    const std::scoped_lock lock(mutex_);
    if (bytes_ + line.size() > kMaxQueuedBytes) {
      ++dropped_;
      return;
    }
    bytes_ += line.size();
    lines_.push_back(std::move(line));
    if (lines_.size() == 1) work_.notify_one();
  }

  std::uint64_t dropped() {
    const std::scoped_lock lock(mutex_);
    return dropped_;
  }

  // The thread.
  void run() {
    std::unique_lock lock(mutex_);
    while (wait(lock)) {
      report_suppressed();
      write_lines(lock);
    }
    has_ended_ = true;
    end_.notify_one();
  }

  void stop() {
    std::unique_lock lock(mutex_);
    is_stopping_ = true;
    work_.notify_one();
    end_.wait_for(lock, kLastWords, [&] { return has_ended_; });
  }

 private:
  // Returns false if there is nothing left to do.
  bool wait(std::unique_lock<std::mutex>& lock) {
    while (lines_.empty()) {
      if (is_stopping_) return sampler_.has_suppressed();
      if (!sampler_.has_suppressed()) {
        work_.wait(lock);
      } else if (work_.wait_until(lock, next_report_) == std::cv_status::timeout) {
        return true;
      }
    }
    return true;
  }

  void report_suppressed() {
    if (!sampler_.has_suppressed() || (Clock::now() < next_report_ && !is_stopping_)) return;
    for (const auto& [level, event, kind, count] : sampler_.take_suppressed()) {
      lines_.push_back(
          line(level, "log lines suppressed",
               {{"suppressed", event}, optional_field("kind", kind), {"count", count}}));
    }
  }

  void write_lines(std::unique_lock<std::mutex>& lock) {
    std::vector<std::string> lines = std::exchange(lines_, {});
    bytes_ = 0;
    lock.unlock();
    std::uint64_t lost = 0;
    bool is_written = true;
    for (const std::string& line : lines) {
      is_written = descriptor_.write(line);
      if (!is_written) ++lost;
    }
    lock.lock();
    dropped_ += lost;
    // Lines that still wait came before the lines that were dropped.
    if (is_written && dropped_ > 0 && lines_.empty()) tell_dropped(lock);
  }

  void tell_dropped(std::unique_lock<std::mutex>& lock) {
    const std::uint64_t count = dropped_;
    lock.unlock();
    const bool is_told =
        descriptor_.write(line(LogLevel::kWarn, "log lines dropped", {{"count", count}}));
    lock.lock();
    if (is_told) dropped_ -= count;
  }

  std::string line(LogLevel level, std::string_view event, LogFields fields) const {
    return log_line(format_, std::chrono::system_clock::now(), level, event, fields);
  }

  Descriptor descriptor_;  // the thread's
  const LogFormat format_;
  std::mutex mutex_;  // of all below; held for no longer than it takes to move a line
  std::condition_variable work_;
  std::condition_variable end_;
  LogSampler sampler_;
  TimePoint next_report_;  // if lines were suppressed
  std::vector<std::string> lines_;
  std::size_t bytes_ = 0;
  std::uint64_t dropped_ = 0;
  bool is_stopping_ = false;
  bool has_ended_ = false;
};

// Signals are for the thread that waits for them, so this one blocks them all.
LogWriter::LogWriter(int descriptor, LogFormat format, const LogSampling& sampling)
    : queue_(std::make_shared<Queue>(descriptor, format, sampling)) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  std::thread([queue = queue_] { queue->run(); }).detach();
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

LogWriter::~LogWriter() { queue_->stop(); }

bool LogWriter::admits(LogLevel level, std::string_view event, std::string_view kind) {
  return queue_->admits(level, event, kind);
}

void LogWriter::push(std::string line) { queue_->push(std::move(line)); }

std::uint64_t LogWriter::dropped() const { return queue_->dropped(); }

}  // namespace heliograph::base
