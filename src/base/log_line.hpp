#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

namespace heliograph::base {

enum class LogLevel : std::uint8_t { kDebug, kInfo, kWarn, kError, kOff };
enum class LogFormat : std::uint8_t { kText, kJson };

// The value of a field, valid during one call; texts are not copied.
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

// A field with an empty name is left out of the line.
struct LogField {
  std::string_view name;
  LogValue value;
};

using LogFields = std::initializer_list<LogField>;

// A field that is left out of the line if its text is empty.
inline LogField optional_field(std::string_view name, std::string_view text) {
  return {text.empty() ? std::string_view{} : name, text};
}

// One line of the log with its newline: see Log for the two formats.
std::string log_line(LogFormat format, std::chrono::system_clock::time_point time, LogLevel level,
                     std::string_view event, LogFields fields);

}  // namespace heliograph::base
