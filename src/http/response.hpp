#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace heliograph::http {

// Text of its own, or a view of bytes that live as long as the program (embedded assets).
class Body {
 public:
  Body() = default;
  explicit Body(std::string text) : bytes_(std::move(text)) {}
  static Body of_static(std::string_view bytes) {
    Body body;
    body.bytes_ = bytes;
    return body;
  }

  std::string_view view() const {
    return std::visit([](const auto& bytes) { return std::string_view(bytes); }, bytes_);
  }

 private:
  std::variant<std::string, std::string_view> bytes_;
};

using Header = std::pair<std::string, std::string>;

// Whether pages of other origins may read a response: as CORS_ORIGIN says, only those of origins
// that it names (its "*" does not count), or never.
enum class Sharing : unsigned char { kAsConfigured, kNamedOrigins, kSameOrigin };

// The writer adds Content-Type (unless empty), Content-Length (unless status is 204 or 304) and the
// CORS headers (add_cors_headers), and leaves the body out if the request was a HEAD.
struct Response {
  unsigned status = 200;
  std::string content_type;
  Body body;
  std::vector<Header> headers;
  Sharing sharing = Sharing::kAsConfigured;
};

}  // namespace heliograph::http
