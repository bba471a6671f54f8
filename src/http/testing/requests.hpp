#pragma once

#include <cstddef>
#include <string>
#include <string_view>

// Requests as text; for tests only.
namespace heliograph::http::testing {

/// `headers`: whole lines.
inline std::string request(std::string_view method, std::string_view target,
                           std::string_view headers = {}) {
  std::string text(method);
  text.append(" ").append(target).append(" HTTP/1.1\r\nHost: x\r\n").append(headers);
  return text += "\r\n";
}
inline std::string get(std::string_view target, std::string_view headers = {}) {
  return request("GET", target, headers);
}

/// A POST whose body has `length` bytes, of which these come with it.
inline std::string post(std::string_view target, std::size_t length, std::string_view body) {
  const std::string header = "Content-Length: " + std::to_string(length) + "\r\n";
  return request("POST", target, header).append(body);
}
inline std::string post(std::string_view target, std::string_view body) {
  return post(target, body.size(), body);
}

}  // namespace heliograph::http::testing
