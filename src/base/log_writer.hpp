#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/log_line.hpp"
#include "base/log_sampler.hpp"

namespace heliograph::base {

// Writes lines to a descriptor from a thread of its own, so that a reader that does not read, or a
// full disk, delays nobody else. A line that finds the queue full, or cannot be written, is dropped
// and counted; "log lines dropped" tells the count as soon as writing works again. "log lines
// suppressed" tells once a second what admits() refused. Thread-safe.
class LogWriter {
 public:
  // The descriptor must stay open as long as the process runs.
  LogWriter(int descriptor, LogFormat format, const LogSampling& sampling);
  // Gives the thread a second to write what is queued. If it is still blocked in a write, it is
  // left behind, and ends with the process.
  ~LogWriter();
  LogWriter(const LogWriter&) = delete;
  LogWriter& operator=(const LogWriter&) = delete;

  // Whether to write a line of this kind now: see LogSampler.
  bool admits(LogLevel level, std::string_view event, std::string_view kind);
  // Takes a line with its newline. Never waits for the descriptor.
  void push(std::string line);
  // The dropped lines that no line has told of yet.
  std::uint64_t dropped() const;

  // Bytes that may wait to be written.
  static constexpr std::size_t kMaxQueuedBytes = 64UL * 1024;

 private:
  class Queue;
  std::shared_ptr<Queue> queue_;  // shared with the thread, which may outlive this object
};

}  // namespace heliograph::base
