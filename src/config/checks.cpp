#include "config/checks.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "reactor/address.hpp"

namespace heliograph::config {
namespace {

bool is_key_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_';
}

bool is_white_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

// RFC 3986 §2.3: what no URL escapes.
bool is_unreserved(char c) { return is_key_character(c) || c == '.' || c == '~'; }

bool is_source_character(char c) {
  return is_unreserved(c) || std::string_view(":/*[]%").find(c) != std::string_view::npos;
}

}  // namespace

bool is_host(std::string_view text) {
  const auto is_of_name = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-';
  };
  return reactor::parse_address(text) || (!text.empty() && std::ranges::all_of(text, is_of_name));
}

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

bool is_page_origin(std::string_view text) {
  return text == "null" || text == "file://" || is_origin(text);
}

bool is_frame_ancestors(std::string_view text) {
  std::size_t sources = 0;
  bool has_none = false;
  while (!text.empty()) {
    const std::string_view source = base::cut_first(text, ' ');
    if (source.empty()) continue;
    ++sources;
    const bool is_none = source == "none" || source == "'none'";
    has_none |= is_none;
    if (is_none || source == "self" || source == "'self'") continue;
    if (!std::ranges::all_of(source, is_source_character)) return false;
  }
  return sources == 1 || (sources > 1 && !has_none);
}

bool is_key_prefix(std::string_view text) { return std::ranges::all_of(text, is_key_character); }

bool is_channel_key(std::string_view text) {
  return std::ranges::all_of(
      text, [](char c) { return is_key_character(c) || c == '.' || c == ':' || c == '/'; });
}

std::optional<auth::Secrets> parse_secrets(std::string_view text) {
  const std::size_t comma = text.find(',');
  if (comma == std::string_view::npos) {
    return text.empty() ? std::nullopt : std::optional(auth::Secrets(text));
  }
  const std::string_view first = text.substr(0, comma);
  const std::string_view second = text.substr(comma + 1);
  if (first.empty() || second.empty() || second.find(',') != std::string_view::npos ||
      is_white_space(first.back()) || is_white_space(second.front())) {
    return std::nullopt;
  }
  return auth::Secrets(first, second);
}

std::string secrets_problem(std::string_view text) {
  const std::size_t comma = text.find(',');
  if (comma == std::string_view::npos) return {};
  const std::string now = "a comma separates secrets now, and ";
  const std::size_t second = text.size() - comma - 1;
  if (text.find(',', comma + 1) != std::string_view::npos) return now + "there may be two at most";
  if (comma < kLeastSecretBytes) {
    return now + "the first one has " + std::to_string(comma) + " bytes";
  }
  if (second < kLeastSecretBytes) {
    return now + "the second one has " + std::to_string(second) + " bytes";
  }
  return parse_secrets(text) ? std::string{} : now + "there must be no white space beside it";
}

bool is_turn_secret(std::string_view text) { return !text.empty() && text.size() <= 1'024; }

}  // namespace heliograph::config
