#include "config/ice.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/json.hpp"
#include "base/text.hpp"

namespace heliograph::config {

namespace {

constexpr unsigned kMaxDepth = 8;

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_';
}

// Enough to tell an IPv6 address from a slip: its characters, and two colons or more.
bool may_be_ipv6(std::string_view text) {
  return std::ranges::count(text, ':') >= 2 &&
         text.find_first_not_of("0123456789abcdefABCDEF:.") == std::string_view::npos;
}

// RFC 3986 §3.2.2, of registered names those that name a host.
bool is_host(std::string_view host) {
  if (host.starts_with('[') && host.ends_with(']')) {
    return may_be_ipv6(host.substr(1, host.size() - 2));
  }
  return !host.empty() && std::ranges::all_of(host, is_name_character);
}

bool is_port(std::string_view text) {
  std::uint16_t port = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, port);
  return error == std::errc() && stop == end && port > 0;
}

bool is_host_and_port(std::string_view text) {
  const std::size_t bracket = text.find(']');
  const std::size_t colon = text.find(':', bracket == std::string_view::npos ? 0 : bracket);
  if (colon == std::string_view::npos) return is_host(text);
  return is_host(text.substr(0, colon)) && is_port(text.substr(colon + 1));
}

// Cuts the scheme off, if it is `scheme` or that with an `s`.
bool cut_scheme(std::string_view& url, std::string_view scheme) {
  const std::string_view found = base::cut_first(url, ':');
  return base::equals_ignoring_case(found, scheme) ||
         base::equals_ignoring_case(found, std::string(scheme) + 's');
}

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

bool is_string(const json::Value* value) {
  return value != nullptr && value->kind == json::Kind::kString;
}

std::string_view server_problem(const json::Outline& outline, const json::Element& server) {
  if (server.value.kind != json::Kind::kObject) return "is no object";
  const std::vector<std::string> urls = urls_of(outline.find(server, "urls"));
  if (urls.empty()) return "needs urls, an address or an array of them";
  bool has_turn = false;
  for (const std::string& url : urls) {
    const bool is_turn = is_turn_url(url);
    if (!is_turn && !is_stun_url(url)) {
      return "has an address that is not of the form stun:HOST, stuns:HOST, turn:HOST or "
             "turns:HOST";
    }
    has_turn = has_turn || is_turn;
  }
  const bool has_credential =
      is_string(outline.find(server, "username")) && is_string(outline.find(server, "credential"));
  return has_turn && !has_credential ? "needs username and credential" : "";
}

}  // namespace

bool is_stun_url(std::string_view url) { return cut_scheme(url, "stun") && is_host_and_port(url); }

bool is_turn_url(std::string_view url) {
  if (!cut_scheme(url, "turn")) return false;
  const std::size_t query = std::min(url.find('?'), url.size());
  const std::string_view transport = url.substr(query);
  return is_host_and_port(url.substr(0, query)) &&
         (transport.empty() || transport == "?transport=udp" || transport == "?transport=tcp");
}

std::string ice_servers_problem(std::string_view text) {
  json::Outline outline;
  if (outline.parse(text, kMaxDepth) != json::Status::kOk) return "it is not JSON";
  if (outline.root() != json::Kind::kArray) return "it is no array";
  std::size_t number = 0;
  for (const json::Element& server : outline.elements()) {
    ++number;
    const std::string_view problem = server_problem(outline, server);
    if (!problem.empty()) return "server " + std::to_string(number) + ' ' + std::string(problem);
  }
  return "";
}

bool are_ice_servers(std::string_view text) { return ice_servers_problem(text).empty(); }

}  // namespace heliograph::config
