#pragma once

#include <chrono>
#include <string_view>

#include "http/response.hpp"

namespace heliograph::http {

struct Error {
  unsigned status;
  std::string_view text;
};

// The text of kUnauthorized is fixed: clients of the Node.js server that Heliograph replaces know
// it.
inline constexpr Error kBadRequest{400, "Bad Request"};
inline constexpr Error kBadLine{400, "Bad Request: lines must end in CRLF and may not be folded"};
inline constexpr Error kUnauthorized{401, "Unauthorized"};
inline constexpr Error kForbidden{403, "Forbidden"};
inline constexpr Error kNotFound{404, "Not Found"};
inline constexpr Error kMethodNotAllowed{405, "Method Not Allowed"};
inline constexpr Error kRequestTimeout{408, "Request Timeout"};
inline constexpr Error kContentTooLarge{413, "Content Too Large"};
inline constexpr Error kTooManyRequests{429, "Too Many Requests"};
inline constexpr Error kHeadersTooLarge{431, "Request Header Fields Too Large"};
inline constexpr Error kInternalError{500, "Internal Server Error"};
inline constexpr Error kUnavailable{503, "Service Unavailable"};

// `{"status":N,"error":"…","response":false}`, the envelope of every error from any route.
Response error_response(unsigned status, std::string_view text);
Response error_response(const Error& error);

// 429, with Retry-After in whole seconds (RFC 9110 §10.2.3).
Response too_many_requests(std::chrono::milliseconds wait);

}  // namespace heliograph::http
