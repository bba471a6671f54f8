#include "engineio/error.hpp"

#include <array>
#include <cstddef>

#include "base/json.hpp"

namespace heliograph::engineio {
namespace {

constexpr std::array<std::string_view, 6> kTexts{
    "Transport unknown", "Session ID unknown", "Bad handshake method",
    "Bad request",       "Forbidden",          "Unsupported protocol version"};

}  // namespace

std::string_view text(Error error) { return kTexts[static_cast<std::size_t>(error)]; }

unsigned http_status(Error error) { return error == Error::kForbidden ? 403 : 400; }

std::string error_body(Error error, std::string_view reason) {
  std::string body = R"({"status":)";
  body += std::to_string(http_status(error));
  body += R"(,"error":)";
  json::append_string(body, text(error));
  body += R"(,"response":false,"code":)";
  body += std::to_string(static_cast<unsigned>(error));
  body += R"(,"message":)";
  json::append_string(body, text(error));
  if (!reason.empty()) {
    body += R"(,"reason":)";
    json::append_string(body, reason);
  }
  body += '}';
  return body;
}

}  // namespace heliograph::engineio
