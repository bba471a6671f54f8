#pragma once

#include <string_view>

namespace heliograph::http_api {

// The media type for a file of this name, texts with their charset; application/octet-stream for an
// ending that is not known.
std::string_view content_type_of(std::string_view path);

}  // namespace heliograph::http_api
