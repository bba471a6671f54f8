// Any request is answered: with a status, with JSON or an asset as its body, and with headers that
// a line can hold. The input's lines are the method, target, types, tags and body.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/json.hpp"
#include "base/text.hpp"
#include "http/cors.hpp"
#include "http_api/router.hpp"

namespace {

using namespace heliograph;

constexpr std::array<http_api::Asset, 2> kAssets{{
    {"/demo.html", "<p>demo</p>", "<zipped>", "\"1\""},
    {"/socket.io/socket.io.js", "io()", "", "\"2\""},
}};

void require(bool holds) {
  if (!holds) std::abort();
}

bool is_line(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auth::Tokens tokens("an-example-secret-of-40-bytes-for-tests!");
  static const http_api::Router router({.app_pass = "p",
                                        .demo = true,
                                        .ice_servers = {},
                                        .public_dir = {},
                                        .frame_ancestors = "none",
                                        .failures = {}},
                                       tokens, kAssets,
                                       {
                                           [](const auto&...) { return http_api::Gone{}; },
                                           [](auto) { return http_api::Readiness::kDraining; },
                                       });
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  const auto line = [&] { return base::cut_first(rest, '\n'); };
  http_api::Request request{.method = line(), .target = line(), .content_type = line()};
  request.if_none_match = line();
  request.accept_encoding = line();
  const http::CorsRequest cors{request.method, line(), line(), line()};
  request.body = rest;

  auto response = std::get<http::Response>(router.handle(request));
  http::add_cors_headers(response, std::array<std::string, 1>{"https://a"}, cors);
  require(response.status >= 200 && response.status < 600);
  if (response.content_type.starts_with("application/json")) {
    require(json::validate(response.body.view(), 4) == json::Status::kOk);
  }
  for (const auto& [name, value] : response.headers) require(is_line(name) && is_line(value));
  return 0;
}
