#include "http/errors.hpp"

#include <utility>

#include "base/json.hpp"
#include "http/json_response.hpp"

namespace heliograph::http {

Response error_response(unsigned status, std::string_view text) {
  std::string envelope = R"({"status":)";
  envelope += std::to_string(status);
  envelope += R"(,"error":)";
  json::append_string(envelope, text);
  envelope += R"(,"response":false})";

  Response response = json_response(status, std::move(envelope));
  // RFC 9110 §15.5.2 wants a challenge; no browser opens a dialog for this one.
  if (status == 401) response.headers.emplace_back("WWW-Authenticate", "Form");
  return response;
}

Response error_response(const Error& error) { return error_response(error.status, error.text); }

Response too_many_requests(std::chrono::milliseconds wait) {
  Response response = error_response(kTooManyRequests);
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(wait);
  response.headers.emplace_back("Retry-After", std::to_string(seconds.count()));
  return response;
}

}  // namespace heliograph::http
