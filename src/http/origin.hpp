#pragma once

#include <span>
#include <string>
#include <string_view>

namespace heliograph::http {

// Whether `origin` (the Origin header, RFC 6454 §7) names the server that was asked for by `host`
// (the Host header, RFC 9110 §7.2). A port that is left out is the default one of the origin's
// scheme, http or https. The case of letters does not count, nor a slash at the origin's end:
// React Native sends one.
bool is_own_origin(std::string_view origin, std::string_view host);

// Whether a page of `origin` may use the server that it asked for by `host`: the server's own
// pages, those of origins in the list, and all if that has "*". A request without an Origin is
// allowed: it comes from no page of another origin.
bool is_origin_allowed(std::span<const std::string> origins, std::string_view origin,
                       std::string_view host);

}  // namespace heliograph::http
