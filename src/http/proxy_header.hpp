#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <variant>

#include "reactor/address.hpp"

namespace heliograph::http {

/// The header that a proxy sends before what it forwards: version 2 of the PROXY protocol
/// (https://www.haproxy.org/download/2.9/doc/proxy-protocol.txt).
struct ProxyHeader {
  std::size_t size;                        // in bytes
  std::optional<base::IpAddress> address;  // the client's; nothing if the proxy speaks for itself
};

struct ProxyHeaderIncomplete {};
struct ProxyHeaderMalformed {};

/// The header that `bytes` begin with. One with more than kMostProxyHeaderBytes is malformed.
std::variant<ProxyHeader, ProxyHeaderIncomplete, ProxyHeaderMalformed> read_proxy_header(
    std::string_view bytes);

inline constexpr std::size_t kMostProxyHeaderBytes = 4096;

}  // namespace heliograph::http
