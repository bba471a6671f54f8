#pragma once

#include <optional>
#include <string_view>

#include "base/log_line.hpp"
#include "base/log_sampler.hpp"
#include "base/log_writer.hpp"

namespace heliograph::base {

// The server's log: an event's name and its fields, one line each, to standard error.
//   log.info("listening", {{"address", host}, {"port", port}});
// kJson writes one object per line: `time` (ISO 8601, UTC, ms), `level`, `event`, then the fields.
// Thread-safe, and no call waits for the reader of the log (see LogWriter). Lines of one kind are
// sampled (see LogSampler), so event names and kinds are literals of the program, never a client's
// text. A level that is off costs one comparison. Made once in main and passed on by reference.
// Tokens, passwords and session descriptions are never handed to it.
class Log {
 public:
  Log(LogLevel level, LogFormat format) : Log(level, format, kStandardError, {}) {}
  Log(LogLevel level, LogFormat format, int descriptor, const LogSampling& sampling);
  ~Log() = default;
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  using Fields = LogFields;
  void debug(std::string_view event, Fields fields = {}) { log(LogLevel::kDebug, event, fields); }
  void info(std::string_view event, Fields fields = {}) { log(LogLevel::kInfo, event, fields); }
  void warn(std::string_view event, Fields fields = {}) { log(LogLevel::kWarn, event, fields); }
  void error(std::string_view event, Fields fields = {}) { log(LogLevel::kError, event, fields); }

  // For lines whose fields cost something to make, or whose event has several kinds:
  //   if (log.admits(LogLevel::kInfo, "disconnected", reason)) log.write(LogLevel::kInfo, …);
  // False if the level is off, or if there are too many such lines; then it has been counted.
  bool admits(LogLevel level, std::string_view event, std::string_view kind = {}) {
    return level >= level_ && writer_->admits(level, event, kind);
  }
  void write(LogLevel level, std::string_view event, Fields fields);

 private:
  static constexpr int kStandardError = 2;

  void log(LogLevel level, std::string_view event, Fields fields) {
    if (admits(level, event)) write(level, event, fields);
  }

  LogLevel level_;
  LogFormat format_;
  std::optional<LogWriter> writer_;  // none if the log is off
};

}  // namespace heliograph::base
