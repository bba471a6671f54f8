#pragma once

#include <string>
#include <string_view>

namespace heliograph::http_api {

// A strong entity tag (RFC 9110 §8.8.3), with its quotes, made from the bytes themselves.
std::string etag_of(std::string_view bytes);

// Whether If-None-Match names this tag: a list, or "*"; the weak comparison of RFC 9110 §8.8.3.2.
bool etag_matches(std::string_view if_none_match, std::string_view etag);

// Whether Accept-Encoding allows gzip (RFC 9110 §12.5.3).
bool accepts_gzip(std::string_view accept_encoding);

}  // namespace heliograph::http_api
