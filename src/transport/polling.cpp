#include "transport/polling.hpp"

#include <utility>

namespace heliograph::transport {

http::Response poll_response(std::string payload) {
  return {.status = 200,
          .content_type = "text/plain; charset=UTF-8",
          .body = http::Body(std::move(payload)),
          .headers = {{"Cache-Control", "no-store"}}};
}

http::Response post_response() {
  return {.status = 200,
          .content_type = "text/html",
          .body = http::Body::of_static("ok"),
          .headers = {{"Cache-Control", "no-store"}}};
}

}  // namespace heliograph::transport
