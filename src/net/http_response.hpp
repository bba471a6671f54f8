#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "http_api/message.hpp"

namespace heliograph::net {

/// What a response's form owes to the request and the moment.
struct ResponseForm {
  bool head_only = false;  // the request was a HEAD
  // How long the connection stays open for the next request; zero if it closes.
  std::chrono::milliseconds keep_alive{0};
  std::int64_t unix_seconds = 0;  // for the Date header
};

/// Appends the response as HTTP/1.1 (RFC 9112), with Date, Content-Length, Content-Type, Connection
/// and Keep-Alive.
void append_response(std::string& out, const http_api::Response& response,
                     const ResponseForm& form);

}  // namespace heliograph::net
