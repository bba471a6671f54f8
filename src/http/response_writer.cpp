#include "http/response_writer.hpp"

#include <ctime>
#include <iterator>
#include <string_view>

#include <boost/beast/http/status.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>

namespace heliograph::http {
namespace {

void append_header(std::string& out, std::string_view name, std::string_view value) {
  out += name;
  out += ": ";
  out += value;
  out += "\r\n";
}

std::string_view reason(unsigned status) {
  const auto text =
      boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(status));
  return {text.data(), text.size()};
}

// RFC 2068 §19.7.1: Keep-Alive counts only if Connection names it. HTTP/1.0 clients need that, too.
void append_connection(std::string& out, std::chrono::milliseconds keep_alive) {
  if (keep_alive == std::chrono::milliseconds::zero()) {
    return append_header(out, "Connection", "close");
  }
  append_header(out, "Connection", "keep-alive");
  const auto seconds = std::chrono::floor<std::chrono::seconds>(keep_alive).count();
  if (seconds > 0) append_header(out, "Keep-Alive", fmt::format("timeout={}", seconds));
}

bool has_body(unsigned status) { return status >= 200 && status != 204 && status != 304; }

void append_length(std::string& out, std::size_t bytes, ResponseForm::Length length) {
  if (length == ResponseForm::Length::kKnown) {
    append_header(out, "Content-Length", fmt::to_string(bytes));
  } else if (length == ResponseForm::Length::kChunked) {
    append_header(out, "Transfer-Encoding", "chunked");
  }
}

}  // namespace

void append_response(std::string& out, const Response& response, const ResponseForm& form) {
  const std::string_view body = response.body.view();
  fmt::format_to(std::back_inserter(out), "HTTP/1.1 {} {}\r\n", response.status,
                 reason(response.status));
  // IMF-fixdate, RFC 9110 §5.6.7
  fmt::format_to(std::back_inserter(out), "Date: {:%a, %d %b %Y %H:%M:%S} GMT\r\n",
                 fmt::gmtime(static_cast<std::time_t>(form.unix_seconds)));
  if (!response.content_type.empty()) append_header(out, "Content-Type", response.content_type);
  if (has_body(response.status)) append_length(out, body.size(), form.length);
  for (const auto& [name, value] : response.headers) append_header(out, name, value);
  append_connection(out, form.keep_alive);
  out += "\r\n";
  if (!form.head_only && has_body(response.status)) out += body;
}

}  // namespace heliograph::http
