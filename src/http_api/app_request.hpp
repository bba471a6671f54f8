#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "http/errors.hpp"
#include "http_api/message.hpp"

namespace heliograph::http_api {

// The parameters of `POST /app`. Each is absent when missing, or null in JSON.
struct AppRequest {
  std::optional<std::string> app;
  std::optional<std::string> password;
  std::optional<std::uint32_t> lifetime;  // seconds, kMaxAppLifetime at most
  bool app_is_text = true;
  bool lifetime_is_good = true;
};

// Ten years.
inline constexpr std::uint32_t kMaxAppLifetime = 315'360'000;

// Reads a form or JSON body, as Content-Type says. No body and no type is a request without
// parameters.
std::variant<AppRequest, http::Error> read_app_request(const Request& request);

}  // namespace heliograph::http_api
