#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

#include "base/clock.hpp"
#include "base/ip_address.hpp"
#include "http/response.hpp"

namespace heliograph::http_api {

// The parts of a request that routes use. Header values are empty if the request has none.
struct Request {
  std::string_view method = {};
  std::string_view target = {};  // path and query as sent
  std::string_view body = {};
  std::string_view content_type = {};
  std::string_view if_none_match = {};
  std::string_view authorization = {};
  std::string_view accept_encoding = {};
  base::IpAddress limited_address = {};  // by which limits count; `::` if none do
  std::int64_t unix_seconds = 0;         // the time
  base::TimePoint now = {};              // the same by a clock that is never set
};

// Another worker of this node has to answer the request.
struct Elsewhere {
  std::uint16_t worker = 0;
};

using Answer = std::variant<http::Response, Elsewhere>;

}  // namespace heliograph::http_api
