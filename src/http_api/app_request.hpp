#pragma once

#include <optional>
#include <string>
#include <variant>

#include "http_api/errors.hpp"
#include "http_api/message.hpp"

namespace heliograph::http_api {

// The parameters of `POST /app`. Either is absent when missing, or null in JSON.
struct AppRequest {
  std::optional<std::string> app;
  std::optional<std::string> password;
  bool app_is_text = true;
};

// Reads a form or JSON body, as Content-Type says. No body and no type is a request without
// parameters.
std::variant<AppRequest, Error> read_app_request(const Request& request);

}  // namespace heliograph::http_api
