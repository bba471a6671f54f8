#include "http_api/content_type.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"

namespace heliograph::http_api {

namespace {

using Row = std::pair<std::string_view, std::string_view>;

// Texts are taken to be UTF-8, as everything that the web is written in now.
constexpr std::array kTypes = {
    Row{"avif", "image/avif"},
    Row{"css", "text/css; charset=utf-8"},
    Row{"gif", "image/gif"},
    Row{"htm", "text/html; charset=utf-8"},
    Row{"html", "text/html; charset=utf-8"},
    Row{"ico", "image/x-icon"},
    Row{"jpeg", "image/jpeg"},
    Row{"jpg", "image/jpeg"},
    Row{"js", "text/javascript; charset=utf-8"},
    Row{"json", "application/json; charset=utf-8"},
    Row{"map", "application/json; charset=utf-8"},
    Row{"md", "text/markdown; charset=utf-8"},
    Row{"mjs", "text/javascript; charset=utf-8"},
    Row{"mp3", "audio/mpeg"},
    Row{"mp4", "video/mp4"},
    Row{"oga", "audio/ogg"},
    Row{"ogg", "audio/ogg"},
    Row{"pdf", "application/pdf"},
    Row{"png", "image/png"},
    Row{"svg", "image/svg+xml; charset=utf-8"},
    Row{"ttf", "font/ttf"},
    Row{"txt", "text/plain; charset=utf-8"},
    Row{"wasm", "application/wasm"},
    Row{"wav", "audio/wav"},
    Row{"webm", "video/webm"},
    Row{"webmanifest", "application/manifest+json; charset=utf-8"},
    Row{"webp", "image/webp"},
    Row{"woff", "font/woff"},
    Row{"woff2", "font/woff2"},
    Row{"xml", "text/xml; charset=utf-8"},
};

}  // namespace

std::string_view content_type_of(std::string_view path) {
  const std::size_t dot = path.rfind('.');
  const std::string_view ending = dot == std::string_view::npos ? "" : path.substr(dot + 1);
  const auto row = std::ranges::find_if(
      kTypes, [&](const Row& type) { return base::equals_ignoring_case(type.first, ending); });
  return row != kTypes.end() ? row->second : "application/octet-stream";
}

}  // namespace heliograph::http_api
