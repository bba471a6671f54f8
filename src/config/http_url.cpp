#include "config/http_url.hpp"

#include <algorithm>

namespace heliograph::config {

namespace {

bool is_port(std::string_view text) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  return !text.empty() && text.size() <= 5 && std::ranges::all_of(text, is_digit);
}

// Nothing that would end the request's line, or a part of the URL.
bool is_plain(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~' && c != '#'; });
}

}  // namespace

std::optional<HttpUrl> parse_http_url(std::string_view url) {
  constexpr std::string_view kScheme = "http://";
  if (!url.starts_with(kScheme) || !is_plain(url)) return std::nullopt;
  url.remove_prefix(kScheme.size());
  const std::size_t end = std::min(url.find('/'), url.size());
  std::string_view authority = url.substr(0, end);
  HttpUrl parsed{.host = {}, .port = "80", .path = std::string(url.substr(end))};
  if (authority.starts_with('[')) {
    const std::size_t bracket = authority.find(']');
    if (bracket == std::string_view::npos) return std::nullopt;
    parsed.host = authority.substr(1, bracket - 1);
    authority.remove_prefix(bracket + 1);
  } else {
    parsed.host = authority.substr(0, authority.find(':'));
    authority.remove_prefix(parsed.host.size());
  }
  if (parsed.host.empty() || parsed.host.find_first_of("@?") != std::string::npos) {
    return std::nullopt;
  }
  if (authority.empty()) return parsed;
  if (authority.front() != ':' || !is_port(authority.substr(1))) return std::nullopt;
  parsed.port = authority.substr(1);
  return parsed;
}

}  // namespace heliograph::config
