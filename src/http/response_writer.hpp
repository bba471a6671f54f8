#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "http/response.hpp"

namespace heliograph::http {

/// The parts of a response's form that depend on the request and the time.
struct ResponseForm {
  bool head_only = false;  // the body is left out: the request was a HEAD, or it follows
  // How long the connection stays open for the next request; zero if it closes.
  std::chrono::milliseconds keep_alive{0};
  /// How the client knows where the body ends.
  enum class Length : unsigned char { kKnown, kChunked, kUntilClose };
  Length length = Length::kKnown;
  std::int64_t unix_seconds = 0;  // for the Date header
};

/// Appends the response as HTTP/1.1 (RFC 9112), with Date, Content-Length or Transfer-Encoding,
/// Content-Type, Connection and Keep-Alive.
void append_response(std::string& out, const Response& response, const ResponseForm& form);

}  // namespace heliograph::http
