#include "base/log_line.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "base/json.hpp"
#include "base/utf8.hpp"

namespace heliograph::base {
namespace {

constexpr std::array<std::string_view, 4> kLevelNames{"debug", "info", "warn", "error"};

std::string_view name_of(LogLevel level) { return kLevelNames[static_cast<std::size_t>(level)]; }

// A text from outside may not be UTF-8, and JSON can hold nothing else.
void append_quoted(std::string& line, std::string_view text) {
  if (is_valid_utf8(text)) {
    json::append_string(line, text);
    return;
  }
  std::string ascii(text);
  std::ranges::replace_if(ascii, [](char c) { return static_cast<unsigned char>(c) >= 0x80; }, '?');
  json::append_string(line, ascii);
}

bool needs_quotes(std::string_view text) {
  return text.empty() || std::ranges::any_of(text, [](char c) {
           return c <= ' ' || c > '~' || c == '"' || c == '\\' || c == '=';
         });
}

void append_value(std::string& line, const LogValue& value, LogFormat format) {
  std::visit(
      [&](auto held) {
        if constexpr (std::same_as<decltype(held), bool>) {
          line += held ? "true" : "false";
        } else if constexpr (std::integral<decltype(held)>) {
          line += std::to_string(held);
        } else if (format == LogFormat::kText && !needs_quotes(held)) {
          line += held;
        } else {
          append_quoted(line, held);
        }
      },
      value.get());
}

// ISO 8601, in UTC, to the millisecond.
void append_time(std::string& line, std::chrono::system_clock::time_point time) {
  const auto since_epoch =
      std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch());
  fmt::format_to(std::back_inserter(line), "{:%Y-%m-%dT%H:%M:%S}.{:03}Z",
                 fmt::gmtime(static_cast<std::time_t>(since_epoch.count() / 1000)),
                 since_epoch.count() % 1000);
}

// `,"level":"info","event":"listening","port":5000}`
void append_json(std::string& line, LogLevel level, std::string_view event, LogFields fields) {
  line += R"(,"level":")";
  line += name_of(level);
  line += R"(","event":)";
  append_quoted(line, event);
  for (const LogField& field : fields) {
    if (field.name.empty()) continue;
    line += ',';
    append_quoted(line, field.name);
    line += ':';
    append_value(line, field.value, LogFormat::kJson);
  }
  line += '}';
}

// ` info  listening port=5000`
void append_text(std::string& line, LogLevel level, std::string_view event, LogFields fields) {
  constexpr std::size_t kColumn = 7;
  const std::size_t begin = line.size();
  line += ' ';
  line += name_of(level);
  line.resize(begin + kColumn, ' ');
  line += event;
  for (const LogField& field : fields) {
    if (field.name.empty()) continue;
    line += ' ';
    line += field.name;
    line += '=';
    append_value(line, field.value, LogFormat::kText);
  }
}

}  // namespace

std::string log_line(LogFormat format, std::chrono::system_clock::time_point time, LogLevel level,
                     std::string_view event, LogFields fields) {
  std::string line;
  if (format == LogFormat::kJson) {
    line += R"({"time":")";
    append_time(line, time);
    line += '"';
    append_json(line, level, event, fields);
  } else {
    append_time(line, time);
    append_text(line, level, event, fields);
  }
  line += '\n';
  return line;
}

}  // namespace heliograph::base
