#pragma once

#include <string_view>

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

namespace heliograph::http {

/// A whole request, as read off the wire.
using Request = boost::beast::http::request<boost::beast::http::string_body>;

/// A header's value; empty if the request has none.
inline std::string_view header(const Request& request, boost::beast::http::field name) {
  const auto value = request[name];
  return {value.data(), value.size()};
}

inline std::string_view target(const Request& request) {
  return {request.target().data(), request.target().size()};
}

inline std::string_view method(const Request& request) {
  return {request.method_string().data(), request.method_string().size()};
}

}  // namespace heliograph::http
