#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

namespace spdlog {
class logger;
}

namespace heliograph::base {

enum class LogLevel : std::uint8_t { kDebug, kInfo, kWarn, kError, kOff };
enum class LogFormat : std::uint8_t { kText, kJson };

// What a field holds for the time of one call; texts are not copied.
class LogValue {
 public:
  LogValue(bool value) : value_(value) {}
  template <std::signed_integral T>
  LogValue(T value) : value_(static_cast<std::int64_t>(value)) {}
  template <std::unsigned_integral T>
    requires(!std::same_as<T, bool>)
  LogValue(T value) : value_(static_cast<std::uint64_t>(value)) {}
  LogValue(std::string_view value) : value_(value) {}
  LogValue(const std::string& value) : value_(std::string_view(value)) {}
  LogValue(const char* value) : value_(std::string_view(value)) {}

  const std::variant<bool, std::int64_t, std::uint64_t, std::string_view>& get() const {
    return value_;
  }

 private:
  std::variant<bool, std::int64_t, std::uint64_t, std::string_view> value_;
};

struct LogField {
  std::string_view name;
  LogValue value;
};

// The server's log: an event's name and its fields, a line each, to standard error.
//   log.info("listening", {{"address", host}, {"port", port}});
// kJson writes one object a line: `time` (ISO 8601, UTC, ms), `level`, `event`, then the fields.
// Thread-safe; made once in main and passed on by reference. A level that is off costs a
// comparison. Tokens, passwords and session descriptions are never handed to it.
class Log {
 public:
  Log(LogLevel level, LogFormat format);
  // Writes to `out`, which must outlive the log.
  Log(LogLevel level, LogFormat format, std::ostream& out);
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  using Fields = std::initializer_list<LogField>;
  void debug(std::string_view event, Fields fields = {}) { log(LogLevel::kDebug, event, fields); }
  void info(std::string_view event, Fields fields = {}) { log(LogLevel::kInfo, event, fields); }
  void warn(std::string_view event, Fields fields = {}) { log(LogLevel::kWarn, event, fields); }
  void error(std::string_view event, Fields fields = {}) { log(LogLevel::kError, event, fields); }

 private:
  void log(LogLevel level, std::string_view event, Fields fields) {
    if (level >= level_) write(level, event, fields);
  }
  void write(LogLevel level, std::string_view event, Fields fields);

  LogLevel level_;
  LogFormat format_;
  std::unique_ptr<spdlog::logger> logger_;
};

}  // namespace heliograph::base
