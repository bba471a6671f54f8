#pragma once

#include <span>
#include <string_view>

namespace heliograph::http_api {

// A file inside the binary. `gzip` is the same file compressed, or empty if that saves nothing.
struct Asset {
  std::string_view path;  // as requested, with its leading slash
  std::string_view bytes;
  std::string_view gzip;
  std::string_view etag;  // of `bytes`, with its quotes
};

// Sorted by path.
using Assets = std::span<const Asset>;

// The demo and the browser client. Defined in the library heliograph_assets (cmake/Assets.cmake),
// which only programs link.
Assets embedded_assets();

}  // namespace heliograph::http_api
