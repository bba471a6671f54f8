// Any bytes as a PROXY header: what is read of a beginning is read of the whole, and the header
// lies within the bytes.
#include <algorithm>
#include <string>
#include <string_view>
#include <variant>

#include "http/proxy_header.hpp"

namespace {

using namespace heliograph;

void require(bool holds) {
  if (!holds) __builtin_trap();
}

void check(std::string_view bytes) {
  const auto whole = http::read_proxy_header(bytes);
  const auto* header = std::get_if<http::ProxyHeader>(&whole);
  if (header) require(header->size <= bytes.size() && header->size <= http::kMostProxyHeaderBytes);
  for (std::size_t size = 0; size < std::min<std::size_t>(bytes.size(), 80); ++size) {
    const auto part = http::read_proxy_header(bytes.substr(0, size));
    if (const auto* earlier = std::get_if<http::ProxyHeader>(&part)) {
      require(header && earlier->size == header->size && earlier->address == header->address);
    }
    if (std::holds_alternative<http::ProxyHeaderMalformed>(part)) {
      require(std::holds_alternative<http::ProxyHeaderMalformed>(whole));
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  check(bytes);
  // With the signature, which comes about by chance only after long.
  check(std::string("\r\n\r\n\0\r\nQUIT\n", 12).append(bytes));
  return 0;
}
