#include "http_api/target.hpp"

#include "base/text.hpp"

namespace heliograph::http_api {

namespace {

std::optional<int> hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return std::nullopt;
}

// The byte that `text` begins with when it is "%XX".
std::optional<char> escaped_byte(std::string_view text) {
  if (text.size() < 3 || text[0] != '%') return std::nullopt;
  const std::optional<int> high = hex_digit(text[1]);
  const std::optional<int> low = hex_digit(text[2]);
  if (!high || !low) return std::nullopt;
  return static_cast<char>(*high * 16 + *low);
}

// A '+' is a space here, and a '%' that escapes nothing stands for itself.
std::string form_decode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  while (!text.empty()) {
    if (const std::optional<char> byte = escaped_byte(text)) {
      decoded += *byte;
      text.remove_prefix(3);
    } else {
      decoded += text.front() == '+' ? ' ' : text.front();
      text.remove_prefix(1);
    }
  }
  return decoded;
}

}  // namespace

std::string_view path_of(std::string_view target) {
  if (!target.starts_with('/')) {
    const std::size_t scheme = target.find("://");
    if (scheme == std::string_view::npos) return {};
    target.remove_prefix(scheme + 3);
    const std::size_t path = target.find_first_of("/?#");
    if (path == std::string_view::npos || target[path] != '/') return "/";
    target.remove_prefix(path);
  }
  return target.substr(0, target.find_first_of("?#"));
}

std::optional<std::string> percent_decode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  while (!text.empty()) {
    const std::optional<char> byte = escaped_byte(text);
    if (!byte && text.front() == '%') return std::nullopt;
    decoded += byte ? *byte : text.front();
    text.remove_prefix(byte ? 3 : 1);
  }
  return decoded;
}

std::optional<std::string> form_field(std::string_view body, std::string_view name) {
  while (!body.empty()) {
    std::string_view value = base::cut_first(body, '&');
    if (form_decode(base::cut_first(value, '=')) == name) return form_decode(value);
  }
  return std::nullopt;
}

}  // namespace heliograph::http_api
