#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace heliograph::config {

struct HttpUrl {
  std::string host;  // an IPv6 address without its brackets
  std::string port;  // 80 if the URL has none
  std::string path;  // with its query, if it has one; empty if it has none
};

/// An http:// URL (RFC 9110 §4.2.1) without user information. A fragment is not part of a request,
/// and so refused.
std::optional<HttpUrl> parse_http_url(std::string_view url);

}  // namespace heliograph::config
