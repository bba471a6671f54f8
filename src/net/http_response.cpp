#include "net/http_response.hpp"

#include <ctime>
#include <iterator>
#include <string_view>

#include <boost/beast/http/status.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>

namespace heliograph::net {
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

bool has_body(unsigned status) { return status >= 200 && status != 204 && status != 304; }

}  // namespace

void append_response(std::string& out, const http_api::Response& response,
                     const ResponseForm& form) {
  const std::string_view body = response.body.view();
  fmt::format_to(std::back_inserter(out), "HTTP/1.1 {} {}\r\n", response.status,
                 reason(response.status));
  // IMF-fixdate, RFC 9110 §5.6.7
  fmt::format_to(std::back_inserter(out), "Date: {:%a, %d %b %Y %H:%M:%S} GMT\r\n",
                 fmt::gmtime(static_cast<std::time_t>(form.unix_seconds)));
  if (!response.content_type.empty()) append_header(out, "Content-Type", response.content_type);
  if (has_body(response.status)) append_header(out, "Content-Length", fmt::to_string(body.size()));
  for (const auto& [name, value] : response.headers) append_header(out, name, value);
  if (!form.connection.empty()) append_header(out, "Connection", form.connection);
  out += "\r\n";
  if (!form.head_only && has_body(response.status)) out += body;
}

}  // namespace heliograph::net
