#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "http/request.hpp"
#include "http/response.hpp"

namespace heliograph::http {

// The method and headers that the answer depends on; empty if the request has no such header.
struct CorsRequest {
  std::string_view method = {};
  std::string_view origin = {};           // Origin
  std::string_view request_method = {};   // Access-Control-Request-Method
  std::string_view request_headers = {};  // Access-Control-Request-Headers
};
CorsRequest cors_request(const Request& request);

// Whether it asks which requests a page may send (Fetch §3.3.2).
bool is_preflight(const CorsRequest& request);

// The Access-Control-* and Vary headers of the Fetch standard's CORS protocol, for a preflight
// (OPTIONS with Access-Control-Request-Method) and for any other request. Credentials are allowed
// only if the list names the origin.
std::vector<Header> cors_headers(std::span<const std::string> origins, const CorsRequest& request);

// The same, onto a response, for those origins that it may be shared with.
void add_cors_headers(Response& response, std::span<const std::string> origins,
                      const CorsRequest& request);

}  // namespace heliograph::http
