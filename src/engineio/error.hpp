#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace heliograph::engineio {

/// Why an Engine.IO server refuses a request. The values are those of the reference server.
enum class Error : std::uint8_t {
  kUnknownTransport,
  kUnknownSession,
  kBadHandshakeMethod,
  kBadRequest,
  kForbidden,
  kUnsupportedVersion,
};

/// As the reference server words it: "Transport unknown".
std::string_view text(Error error);

/// 403 for kForbidden, else 400.
unsigned http_status(Error error);

/// The body of the HTTP answer, the reference server's members behind the envelope of every error:
/// `{"status":400,"error":"Bad request","response":false,"code":3,"message":"Bad request","reason":
/// "…"}`. `reason` says what is wrong, and is left out if empty.
std::string error_body(Error error, std::string_view reason);

}  // namespace heliograph::engineio
