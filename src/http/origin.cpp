#include "http/origin.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace heliograph::http {

namespace {

struct Authority {
  std::string_view host;
  std::string_view port;  // empty if it is left out
};

// RFC 3986 §3.2; an IPv6 address has colons of its own, between brackets.
Authority split(std::string_view authority) {
  const std::size_t bracket = authority.find(']');
  const std::size_t colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  if (colon == std::string_view::npos) return {authority, {}};
  return {authority.substr(0, colon), authority.substr(colon + 1)};
}

// Empty for a scheme without one.
std::string_view default_port(std::string_view scheme) {
  if (base::equals_ignoring_case(scheme, "http")) return "80";
  if (base::equals_ignoring_case(scheme, "https")) return "443";
  return {};
}

}  // namespace

bool is_own_origin(std::string_view origin, std::string_view host) {
  const std::size_t scheme_end = origin.find("://");
  if (scheme_end == std::string_view::npos) return false;
  const std::string_view port = default_port(origin.substr(0, scheme_end));
  if (port.empty()) return false;
  origin.remove_prefix(scheme_end + 3);
  if (origin.ends_with('/')) origin.remove_suffix(1);
  const Authority theirs = split(origin);
  const Authority ours = split(host);
  return !ours.host.empty() && base::equals_ignoring_case(theirs.host, ours.host) &&
         (theirs.port.empty() ? port : theirs.port) == (ours.port.empty() ? port : ours.port);
}

bool is_origin_allowed(std::span<const std::string> origins, std::string_view origin,
                       std::string_view host) {
  if (origin.empty()) return true;
  const auto allows = [&](std::string_view listed) { return listed == "*" || listed == origin; };
  return std::ranges::any_of(origins, allows) || is_own_origin(origin, host);
}

}  // namespace heliograph::http
