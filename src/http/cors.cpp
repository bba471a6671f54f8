#include "http/cors.hpp"

#include <algorithm>
#include <iterator>

#include <boost/beast/http/field.hpp>

namespace heliograph::http {

namespace {

constexpr std::string_view kAnyOrigin = "*";
constexpr std::string_view kMethods = "GET, HEAD, POST";
constexpr std::string_view kPreflightSeconds = "7200";

bool contains(std::span<const std::string> origins, std::string_view origin) {
  return std::ranges::find(origins, origin) != origins.end();
}

// Only what a list of header names can hold (RFC 9110 §5.6.2) is sent back.
bool is_header_list(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("!#$%&'*+-.^_`|~, ").find(c) != std::string_view::npos;
  });
}

}  // namespace

CorsRequest cors_request(const Request& request) {
  using Field = boost::beast::http::field;
  return {.method = method(request),
          .origin = header(request, Field::origin),
          .request_method = header(request, Field::access_control_request_method),
          .request_headers = header(request, Field::access_control_request_headers)};
}

bool is_preflight(const CorsRequest& request) {
  return request.method == "OPTIONS" && !request.request_method.empty();
}

std::vector<Header> cors_headers(std::span<const std::string> origins, const CorsRequest& request) {
  std::vector<Header> headers;
  const bool any = contains(origins, kAnyOrigin);
  if (any) {
    headers.emplace_back("Access-Control-Allow-Origin", kAnyOrigin);
  } else {
    headers.emplace_back("Vary", "Origin");
    if (!contains(origins, request.origin)) return headers;
    headers.emplace_back("Access-Control-Allow-Origin", request.origin);
    headers.emplace_back("Access-Control-Allow-Credentials", "true");
  }
  if (!is_preflight(request)) return headers;
  headers.emplace_back("Access-Control-Allow-Methods", kMethods);
  if (!request.request_headers.empty() && is_header_list(request.request_headers)) {
    headers.emplace_back("Access-Control-Allow-Headers", request.request_headers);
    headers.emplace_back("Vary", "Access-Control-Request-Headers");
  }
  headers.emplace_back("Access-Control-Max-Age", kPreflightSeconds);
  return headers;
}

void add_cors_headers(Response& response, std::span<const std::string> origins,
                      const CorsRequest& request) {
  if (response.sharing == Sharing::kSameOrigin) return;
  std::vector<std::string> named;
  if (response.sharing == Sharing::kNamedOrigins) {
    std::ranges::remove_copy(origins, std::back_inserter(named), kAnyOrigin);
    if (named.empty()) return;
    origins = named;
  }
  std::ranges::move(cors_headers(origins, request), std::back_inserter(response.headers));
}

}  // namespace heliograph::http
