#include "config/checks.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace heliograph::config {
namespace {

bool is_key_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_';
}

// RFC 3986 §2.3: what no URL escapes.
bool is_unreserved(char c) { return is_key_character(c) || c == '.' || c == '~'; }

}  // namespace

bool is_base_path(std::string_view text) {
  if (!text.starts_with('/') || text.ends_with('/')) return false;
  text.remove_prefix(1);
  while (!text.empty()) {
    const std::string_view segment = base::cut_first(text, '/');
    if (segment.empty() || segment == "." || segment == "..") return false;
    if (!std::ranges::all_of(segment, is_unreserved)) return false;
  }
  return true;
}

bool is_origin(std::string_view text) {
  if (text == "*") return true;
  const std::size_t colon = text.find("://");
  if (colon == 0 || colon == std::string_view::npos) return false;
  const std::string_view host = text.substr(colon + 3);
  constexpr std::string_view kNoOrigin = "/?#@*, \t\\\"";
  return !host.empty() && host.find_first_of(kNoOrigin) == std::string_view::npos &&
         std::ranges::none_of(text,
                              [](char c) { return (c >= 'A' && c <= 'Z') || c <= ' ' || c > '~'; });
}

bool is_key_prefix(std::string_view text) { return std::ranges::all_of(text, is_key_character); }

bool is_channel_key(std::string_view text) {
  return std::ranges::all_of(
      text, [](char c) { return is_key_character(c) || c == '.' || c == ':' || c == '/'; });
}

bool is_turn_secret(std::string_view text) { return !text.empty() && text.size() <= 1'024; }

}  // namespace heliograph::config
