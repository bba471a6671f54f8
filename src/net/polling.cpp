#include "net/polling.hpp"

#include <utility>

namespace heliograph::net {

http_api::Response poll_response(std::string payload) {
  return {.status = 200,
          .content_type = "text/plain; charset=UTF-8",
          .body = http_api::Body(std::move(payload)),
          .headers = {{"Cache-Control", "no-store"}}};
}

http_api::Response post_response() {
  return {.status = 200,
          .content_type = "text/html",
          .body = http_api::Body::of_static("ok"),
          .headers = {{"Cache-Control", "no-store"}}};
}

}  // namespace heliograph::net
