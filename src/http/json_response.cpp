#include "http/json_response.hpp"

#include <utility>

namespace heliograph::http {

Response json_response(unsigned status, std::string text) {
  Response response;
  response.status = status;
  response.content_type = "application/json; charset=utf-8";
  response.body = Body(std::move(text));
  response.headers = {{"Cache-Control", "no-store"}, {"X-Content-Type-Options", "nosniff"}};
  return response;
}

}  // namespace heliograph::http
