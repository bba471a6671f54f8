#include "http/target.hpp"

#include "base/text.hpp"

namespace heliograph::http {

namespace {

// A '+' is a space here, and a '%' that escapes nothing stands for itself.
std::string form_decode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  while (!text.empty()) {
    if (const std::optional<char> byte = base::escaped_byte(text)) {
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

std::optional<std::string_view> below(std::string_view base, std::string_view target) {
  if (base.empty()) return target;
  const std::string_view path = path_of(target);
  if (!path.starts_with(base)) return std::nullopt;
  if (path.size() == base.size()) return "/";
  if (path[base.size()] != '/') return std::nullopt;
  target.remove_prefix(static_cast<std::size_t>(path.data() - target.data()) + base.size());
  return target;
}

std::optional<std::string> form_field(std::string_view body, std::string_view name) {
  while (!body.empty()) {
    std::string_view value = base::cut_first(body, '&');
    if (form_decode(base::cut_first(value, '=')) == name) return form_decode(value);
  }
  return std::nullopt;
}

}  // namespace heliograph::http
