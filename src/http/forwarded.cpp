#include "http/forwarded.hpp"

#include <algorithm>
#include <optional>
#include <ranges>
#include <utility>

#include "base/text.hpp"

namespace heliograph::http {
namespace {

using Entry = std::optional<base::IpAddress>;  // nothing if it is malformed

bool is_port(std::string_view text) {
  return !text.empty() && text.size() <= 5 &&
         std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// `192.0.2.1`, `192.0.2.1:80`, `[2001:db8::1]` or `[2001:db8::1]:80`.
Entry node_address(std::string_view text) {
  if (!text.starts_with('[')) {
    const std::size_t colon = text.find(':');
    if (colon != std::string_view::npos && !is_port(text.substr(colon + 1))) return std::nullopt;
    const auto address = reactor::parse_address(text.substr(0, colon));
    return address && base::is_ipv4(*address) ? address : std::nullopt;
  }
  const std::size_t end = text.find(']');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view port = text.substr(end + 1);
  if (!port.empty() && !(port.starts_with(':') && is_port(port.substr(1)))) return std::nullopt;
  return reactor::parse_address(text.substr(1, end - 1));
}

// Many proxies write an IPv6 address here without brackets.
Entry x_forwarded_for(std::string_view text) {
  if (const auto address = reactor::parse_address(text)) return address;
  return node_address(text);
}

// Takes what stands before the next `separator` that is not in quotes (RFC 9110 §5.6.4).
std::string_view cut_unquoted(std::string_view& text, char separator) {
  bool is_quoted = false;
  std::size_t i = 0;
  for (; i < text.size() && (is_quoted || text[i] != separator); ++i) {
    if (text[i] == '"') is_quoted = !is_quoted;
    if (is_quoted && text[i] == '\\') ++i;
  }
  i = std::min(i, text.size());
  const std::string_view first = text.substr(0, i);
  text.remove_prefix(std::min(i + 1, text.size()));
  return first;
}

// The text of a value; nothing if it has quotes that do not stand around it. A quote that a client
// has left open would otherwise hide what the next proxy appends. An address needs no escapes, so
// that those of a quoted text can stay.
std::optional<std::string_view> unquoted(std::string_view value) {
  if (!value.starts_with('"')) {
    return value.find('"') == std::string_view::npos ? std::optional(value) : std::nullopt;
  }
  std::size_t i = 1;
  while (i < value.size() && value[i] != '"') i += value[i] == '\\' ? 2 : 1;
  return i + 1 == value.size() ? std::optional(value.substr(1, i - 1)) : std::nullopt;
}

// RFC 7239 §4: `for=192.0.2.60;proto=http;by=203.0.113.43`.
Entry forwarded(std::string_view element) {
  Entry address;
  bool is_found = false;
  while (!element.empty()) {
    std::string_view pair = cut_unquoted(element, ';');
    const std::string_view name = base::trim(base::cut_first(pair, '='));
    const auto value = unquoted(base::trim(pair));
    if (!value) return std::nullopt;
    if (!base::equals_ignoring_case(name, "for")) continue;
    if (std::exchange(is_found, true)) return std::nullopt;
    address = node_address(*value);
  }
  return address;
}

std::vector<Entry> entries_of(std::span<const std::string_view> lines, ForwardedHeader header) {
  std::vector<Entry> entries;
  for (std::string_view line : lines) {
    while (!line.empty()) {
      const bool is_list = header == ForwardedHeader::kXForwardedFor;
      const std::string_view element =
          base::trim(is_list ? base::cut_first(line, ',') : cut_unquoted(line, ','));
      if (element.empty()) continue;  // RFC 9110 §5.6.1.2
      entries.push_back(is_list ? x_forwarded_for(element) : forwarded(element));
    }
  }
  return entries;
}

}  // namespace

bool contains(std::span<const base::IpNetwork> networks, const base::IpAddress& address) {
  return std::ranges::any_of(
      networks, [&](const base::IpNetwork& network) { return network.contains(address); });
}

Walked client_address(const base::IpAddress& socket, std::span<const std::string_view> lines,
                      ForwardedHeader header, std::span<const base::IpNetwork> trusted) {
  Walked walked{.address = socket};
  if (!contains(trusted, socket)) return walked;
  const std::vector<Entry> entries = entries_of(lines, header);
  for (const Entry& entry : entries | std::views::reverse) {
    if (!contains(trusted, walked.address)) break;
    walked.is_complete = entry.has_value();
    if (!entry) break;
    walked.address = *entry;
  }
  return walked;
}

}  // namespace heliograph::http
