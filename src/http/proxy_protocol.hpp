#pragma once

#include <span>
#include <string>

#include "reactor/connection.hpp"
#include "reactor/protocol.hpp"

namespace heliograph::http {

class Handler;
struct SharedByConnections;

/// Reads the PROXY header that a connection begins with; then Http1 takes over with the
/// address that it names. A connection without a well-formed header, or whose header is not there
/// after 5 s, is closed without an answer, as the standard asks for.
class ProxyProtocol final : public reactor::Protocol {
 public:
  /// `socket`: the proxy's address.
  ProxyProtocol(const SharedByConnections& shared, Handler& handler,
                reactor::Connection& connection, const base::IpAddress& socket);

  ProxyProtocol(const ProxyProtocol&) = delete;
  ProxyProtocol& operator=(const ProxyProtocol&) = delete;
  ~ProxyProtocol() override;

  /// The connection does not come from a proxy that is trusted. One from this machine may still
  /// speak for itself, as a health check does.
  void distrust();

  void on_bytes(std::span<char> bytes) override;
  void closed() override {}
  void stop() override { connection_.abort(); }
  void drop(reactor::Shortage /*shortage*/) override {}
  std::size_t held_bytes() const override;
  void time_over() override;

 private:
  void refuse_stranger();
  void refuse(std::string_view reason);
  void recount();

  const SharedByConnections& shared_;
  Handler& handler_;
  reactor::Connection& connection_;
  base::IpAddress socket_;
  bool is_trusted_ = true;
  std::string received_;
  std::size_t counted_ = 0;  // what held_bytes() was; see Connection::hold()
};

}  // namespace heliograph::http
