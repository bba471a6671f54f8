#include "base/log.hpp"

#include <algorithm>
#include <array>
#include <concepts>
#include <utility>

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include "base/json.hpp"
#include "base/utf8.hpp"

namespace heliograph::base {

namespace {

constexpr std::array<std::string_view, 4> kLevelNames{"debug", "info", "warn", "error"};

std::string_view name_of(LogLevel level) { return kLevelNames[static_cast<std::size_t>(level)]; }

// What came from outside may be no UTF-8, and JSON can hold nothing else.
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

// `"level":"info","event":"listening","port":5000}`; the time stands before it.
std::string json_line(LogLevel level, std::string_view event, Log::Fields fields) {
  std::string line = R"("level":")";
  line += name_of(level);
  line += R"(","event":)";
  append_quoted(line, event);
  for (const LogField& field : fields) {
    line += ',';
    append_quoted(line, field.name);
    line += ':';
    append_value(line, field.value, LogFormat::kJson);
  }
  line += '}';
  return line;
}

// `info  listening port=5000`
std::string text_line(LogLevel level, std::string_view event, Log::Fields fields) {
  constexpr std::size_t kColumn = 6;
  std::string line(name_of(level));
  line.resize(kColumn, ' ');
  line += event;
  for (const LogField& field : fields) {
    line += ' ';
    line += field.name;
    line += '=';
    append_value(line, field.value, LogFormat::kText);
  }
  return line;
}

std::unique_ptr<spdlog::logger> make_logger(LogFormat format, spdlog::sink_ptr sink) {
  auto logger = std::make_unique<spdlog::logger>("heliograph", std::move(sink));
  logger->set_level(spdlog::level::trace);
  logger->set_formatter(std::make_unique<spdlog::pattern_formatter>(
      format == LogFormat::kJson ? R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ",%v)"
                                 : "%Y-%m-%dT%H:%M:%S.%eZ %v",
      spdlog::pattern_time_type::utc, "\n"));
  return logger;
}

}  // namespace

Log::Log(LogLevel level, LogFormat format)
    : level_(level),
      format_(format),
      logger_(make_logger(format, std::make_shared<spdlog::sinks::stderr_sink_mt>())) {}

Log::Log(LogLevel level, LogFormat format, std::ostream& out)
    : level_(level),
      format_(format),
      logger_(make_logger(format, std::make_shared<spdlog::sinks::ostream_sink_mt>(out))) {}

Log::~Log() = default;

void Log::write(LogLevel level, std::string_view event, Fields fields) {
  logger_->log(spdlog::level::info, format_ == LogFormat::kJson ? json_line(level, event, fields)
                                                                : text_line(level, event, fields));
}

}  // namespace heliograph::base
