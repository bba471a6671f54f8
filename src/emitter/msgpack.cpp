#include "emitter/msgpack.hpp"

#include <chrono>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/json.hpp"
#include "base/utf8.hpp"

namespace heliograph::emitter {
namespace {

using Binary = nlohmann::json::binary_t;

// MessagePack, "Timestamp extension type": -1, as a byte.
constexpr std::uint8_t kTimestamp = 0xFF;
// ECMAScript, "Time Values": no date is further from 1970 than this.
constexpr std::int64_t kMostMilliseconds = 8'640'000'000'000'000;
constexpr std::int64_t kMostSeconds = kMostMilliseconds / 1'000;

std::uint64_t big_endian(const Binary& bytes, std::size_t from, std::size_t count) {
  std::uint64_t number = 0;
  for (std::size_t i = from; i < from + count; ++i) number = number << 8 | bytes[i];
  return number;
}

struct Timestamp {
  std::int64_t seconds = 0;  // since 1970
  std::uint64_t nanoseconds = 0;
};

std::optional<Timestamp> read_timestamp(const Binary& bytes) {
  constexpr unsigned kSecondsBits = 34;
  switch (bytes.size()) {
    case 4:
      return Timestamp{static_cast<std::int64_t>(big_endian(bytes, 0, 4)), 0};
    case 8: {
      const std::uint64_t both = big_endian(bytes, 0, 8);
      constexpr std::uint64_t kSecondsMask = (std::uint64_t{1} << kSecondsBits) - 1;
      return Timestamp{static_cast<std::int64_t>(both & kSecondsMask), both >> kSecondsBits};
    }
    case 12:
      return Timestamp{static_cast<std::int64_t>(big_endian(bytes, 4, 8)), big_endian(bytes, 0, 4)};
    default:
      return std::nullopt;
  }
}

// As Date.prototype.toJSON has it; null for what is no date there.
std::string json_of(const Timestamp& timestamp) {
  namespace chrono = std::chrono;
  if (timestamp.seconds < -kMostSeconds || timestamp.seconds > kMostSeconds) return "null";
  const auto milliseconds =
      timestamp.seconds * 1'000 + static_cast<std::int64_t>(timestamp.nanoseconds / 1'000'000);
  if (milliseconds > kMostMilliseconds) return "null";
  const chrono::sys_time<chrono::milliseconds> time{chrono::milliseconds(milliseconds)};
  const auto day = chrono::floor<chrono::days>(time);
  // 64 bits where std::chrono::year has 16: years reach to 275760.
  constexpr std::int64_t kEra = 146'097;  // days of 400 years
  const std::int64_t days = day.time_since_epoch().count();
  const std::int64_t eras = days / kEra - (days % kEra < 0 ? 1 : 0);
  const chrono::year_month_day date(day - chrono::days(eras * kEra));
  const std::int64_t year = static_cast<int>(date.year()) + eras * 400;
  const chrono::hh_mm_ss clock(time - day);
  std::string text = year >= 0 && year <= 9'999
                         ? fmt::format("\"{:04}", year)
                         : fmt::format("\"{}{:06}", year < 0 ? '-' : '+', std::abs(year));
  fmt::format_to(std::back_inserter(text), "-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z\"",
                 static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                 clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                 clock.subseconds().count());
  return text;
}

// What the parser tells of one value after another; false ends it. Its calls are nlohmann's SAX
// interface. It never goes deeper than it is allowed to, and so neither does the parser.
class JsonWriter {
 public:
  explicit JsonWriter(unsigned max_depth) : max_depth_(max_depth) {}

  bool null() { return value("null"); }
  bool boolean(bool is_true) { return value(is_true ? "true" : "false"); }
  bool number_integer(std::int64_t number) { return value(fmt::format_int(number).c_str()); }
  bool number_unsigned(std::uint64_t number) { return value(fmt::format_int(number).c_str()); }
  bool number_float(double number, const std::string& /*as_written*/) {
    if (!std::isfinite(number)) return null();
    return value(number == 0 ? "0" : fmt::format("{}", number));  // JSON.stringify knows no -0
  }
  bool string(const std::string& text) {
    if (!base::is_valid_utf8(text)) return false;
    begin_value();
    json::append_string(json_.text, text);
    return true;
  }
  bool binary(const Binary& bytes) {
    if (bytes.has_subtype()) return extension(bytes);
    begin_value();
    fmt::format_to(std::back_inserter(json_.text), R"({{"_placeholder":true,"num":{}}})",
                   json_.attachments.size());
    json_.attachments.emplace_back(bytes.begin(), bytes.end());
    return true;
  }
  bool start_array(std::size_t /*size*/) { return open('['); }
  bool end_array() { return close(']'); }
  bool start_object(std::size_t /*size*/) { return open('{'); }
  bool end_object() { return close('}'); }
  bool key(const std::string& name) {
    if (!string(name)) return false;
    json_.text += ':';
    follows_another_ = false;
    return true;
  }
  template <class Error>
  bool parse_error(std::size_t /*position*/, const std::string& /*token*/, const Error&) {
    return false;
  }

  bool is_too_deep() const { return is_too_deep_; }
  JsonWithAttachments take() { return std::move(json_); }

 private:
  bool extension(const Binary& bytes) {
    if (bytes.subtype() != kTimestamp) return false;
    const auto timestamp = read_timestamp(bytes);
    return timestamp && value(json_of(*timestamp));
  }

  void begin_value() {
    if (std::exchange(follows_another_, true)) json_.text += ',';
  }
  bool value(std::string_view text) {
    begin_value();
    json_.text += text;
    return true;
  }
  bool open(char bracket) {
    is_too_deep_ = depth_ == max_depth_;
    if (is_too_deep_) return false;
    ++depth_;
    begin_value();
    json_.text += bracket;
    follows_another_ = false;
    return true;
  }
  bool close(char bracket) {
    --depth_;
    json_.text += bracket;
    follows_another_ = true;
    return true;
  }

  JsonWithAttachments json_;
  unsigned max_depth_;
  unsigned depth_ = 0;
  bool follows_another_ = false;
  bool is_too_deep_ = false;
};

}  // namespace

std::variant<JsonWithAttachments, MsgpackError> json_from_msgpack(std::string_view bytes,
                                                                  unsigned max_depth) {
  JsonWriter writer(max_depth);
  const bool is_read = nlohmann::json::sax_parse(bytes.begin(), bytes.end(), &writer,
                                                 nlohmann::json::input_format_t::msgpack);
  if (is_read) return writer.take();
  return writer.is_too_deep() ? MsgpackError::kTooDeep : MsgpackError::kMalformed;
}

}  // namespace heliograph::emitter
