#pragma once

#include <string_view>
#include <vector>

#include "http/forwarded.hpp"
#include "http/request.hpp"
#include "http/settings.hpp"
#include "reactor/address.hpp"

namespace heliograph::http {

/// A client's address, and whether the limits of addresses hold for it.
struct ClientAddress {
  base::IpAddress address;
  bool is_limited = false;
  bool is_of_unknown_proxy = false;

  /// The address by which limits count; `::` if there are none for it.
  base::IpAddress limited() const { return is_limited ? address : base::IpAddress{}; }
};

/// The sender of a connection's requests: a client, or a proxy.
struct Sender {
  base::IpAddress address;  // of the socket, or the one that its PROXY header names
  /// Whether its headers may name the client, if it is trusted. A balancer whose PROXY header names
  /// nobody passes on headers that its client wrote.
  bool may_forward = true;
};

/// The proxies to believe, and the meaning of their headers. Loopback is not limited, unless a
/// malformed header has ended the walk there. An unknown proxy is not limited either: a private
/// address, or loopback, that sends a forwarding header while no proxy is trusted.
class Proxies {
 public:
  explicit Proxies(const Settings& settings);

  bool are_trusted(const base::IpAddress& socket) const { return contains(trusted_, socket); }
  /// Whether a connection from there is a client's own. If no proxy is trusted, one from a private
  /// address may be a proxy's.
  bool counts_connection(const base::IpAddress& socket) const;
  bool is_unknown_proxy(const base::IpAddress& socket, const Request& request) const;
  ClientAddress client(const Sender& sender, const Request& request) const;
  /// The host and port by which the client asked for this server (RFC 9110 §7.2): of a trusted
  /// proxy's request, the last of X-Forwarded-Host, if there is one.
  std::string_view host(const Sender& sender, const Request& request) const;

 private:
  bool believes(const Sender& sender) const;

  std::vector<base::IpNetwork> trusted_;
  ForwardedHeader header_;
};

}  // namespace heliograph::http
