#include "base/json_string.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>

namespace heliograph::json {
namespace {

constexpr std::uint32_t kNoCodePoint = 0xffffffff;

bool is_high_surrogate(std::uint32_t unit) { return unit >= 0xd800 && unit <= 0xdbff; }
bool is_low_surrogate(std::uint32_t unit) { return unit >= 0xdc00 && unit <= 0xdfff; }

// Takes the four hexadecimal digits of a `\u` escape from the front of `text`.
std::uint32_t take_code_unit(std::string_view& text) {
  std::uint32_t unit = 0;
  std::from_chars(text.data(), text.data() + 4, unit, 16);
  text.remove_prefix(4);
  return unit;
}

// Takes the rest of a `\u` escape, and its other half where it is the first of a surrogate pair.
// kNoCodePoint for a lone surrogate.
std::uint32_t take_code_point(std::string_view& text) {
  const std::uint32_t unit = take_code_unit(text);
  if (is_low_surrogate(unit)) return kNoCodePoint;
  if (!is_high_surrogate(unit)) return unit;
  if (!text.starts_with("\\u")) return kNoCodePoint;
  text.remove_prefix(2);
  const std::uint32_t low = take_code_unit(text);
  if (!is_low_surrogate(low)) return kNoCodePoint;
  return 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
}

void append_utf8(std::string& out, std::uint32_t code_point) {
  const auto append = [&out](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  const auto append_continuation = [&](unsigned shift) {
    append(0x80 | (code_point >> shift & 0x3f));
  };
  if (code_point < 0x80) {
    append(code_point);
  } else if (code_point < 0x800) {
    append(0xc0 | code_point >> 6);
    append_continuation(0);
  } else if (code_point < 0x10000) {
    append(0xe0 | code_point >> 12);
    append_continuation(6);
    append_continuation(0);
  } else {
    append(0xf0 | code_point >> 18);
    append_continuation(12);
    append_continuation(6);
    append_continuation(0);
  }
}

char unescaped(char letter) {
  switch (letter) {
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return letter;
  }
}

void append_escaped(std::string& out, char c) {
  constexpr std::string_view kHexDigits = "0123456789abcdef";
  switch (c) {
    case '"':
    case '\\':
      out.append({'\\', c});
      break;
    case '\b':
      out.append("\\b");
      break;
    case '\f':
      out.append("\\f");
      break;
    case '\n':
      out.append("\\n");
      break;
    case '\r':
      out.append("\\r");
      break;
    case '\t':
      out.append("\\t");
      break;
    default:
      out.append({'\\', 'u', '0', '0', kHexDigits[static_cast<unsigned>(c) >> 4],
                  kHexDigits[static_cast<unsigned>(c) & 0xf]});
  }
}

bool needs_escape(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'; }

}  // namespace

std::optional<std::string> decode_escapes(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (;;) {
    const std::size_t plain = std::min(text.find('\\'), text.size());
    decoded.append(text, 0, plain);
    text.remove_prefix(plain);
    if (text.empty()) return decoded;
    const char letter = text[1];
    text.remove_prefix(2);
    if (letter == 'u') {
      const std::uint32_t code_point = take_code_point(text);
      if (code_point == kNoCodePoint) return std::nullopt;
      append_utf8(decoded, code_point);
    } else {
      decoded.push_back(unescaped(letter));
    }
  }
}

std::optional<std::string> decode_string(const Value& value) {
  if (value.kind != Kind::kString) return std::nullopt;
  return decode_escapes(value.text.substr(1, value.text.size() - 2));
}

std::optional<std::uint64_t> decode_unsigned(const Value& value) {
  if (value.kind != Kind::kNumber) return std::nullopt;
  const char* end = value.text.data() + value.text.size();
  std::uint64_t number = 0;
  const auto [parsed_end, error] = std::from_chars(value.text.data(), end, number);
  if (error != std::errc{} || parsed_end != end) return std::nullopt;
  return number;
}

void append_string(std::string& out, std::string_view utf8) {
  out.push_back('"');
  while (!utf8.empty()) {
    const auto plain =
        static_cast<std::size_t>(std::ranges::find_if(utf8, needs_escape) - utf8.begin());
    out.append(utf8, 0, plain);
    utf8.remove_prefix(plain);
    if (utf8.empty()) break;
    append_escaped(out, utf8.front());
    utf8.remove_prefix(1);
  }
  out.push_back('"');
}

}  // namespace heliograph::json
