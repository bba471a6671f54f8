#include "config/checks.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"

namespace heliograph::config {

namespace {

constexpr unsigned kMaxDepth = 8;

// The strings of `urls`; nothing if it is no string and no array of strings.
std::vector<std::string> urls_of(const json::Value* urls) {
  if (urls == nullptr) return {};
  json::Outline outline;
  if (outline.parse(urls->text, kMaxDepth) != json::Status::kOk) return {};
  std::vector<std::string> texts;
  for (const json::Element& element : outline.elements()) {
    std::optional<std::string> text = json::decode_string(element.value);
    if (!text) return {};
    texts.push_back(std::move(*text));
  }
  return texts;
}

bool has_scheme(std::string_view url, std::string_view scheme) {
  return url.starts_with(scheme) && url.size() > scheme.size() && url[scheme.size()] != '/';
}

bool is_stun(std::string_view url) { return has_scheme(url, "stun:") || has_scheme(url, "stuns:"); }
bool is_turn(std::string_view url) { return has_scheme(url, "turn:") || has_scheme(url, "turns:"); }

bool is_string(const json::Value* value) {
  return value != nullptr && value->kind == json::Kind::kString;
}

bool is_ice_server(const json::Outline& outline, const json::Element& server) {
  if (server.value.kind != json::Kind::kObject) return false;
  const std::vector<std::string> urls = urls_of(outline.find(server, "urls"));
  if (urls.empty() || !std::ranges::all_of(urls, [](std::string_view url) {
        return is_stun(url) || is_turn(url);
      })) {
    return false;
  }
  return std::ranges::none_of(urls, is_turn) || (is_string(outline.find(server, "username")) &&
                                                 is_string(outline.find(server, "credential")));
}

}  // namespace

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

bool are_ice_servers(std::string_view text) {
  json::Outline outline;
  if (outline.parse(text, kMaxDepth) != json::Status::kOk || outline.root() != json::Kind::kArray) {
    return false;
  }
  return std::ranges::all_of(outline.elements(), [&](const json::Element& server) {
    return is_ice_server(outline, server);
  });
}

}  // namespace heliograph::config
