#pragma once

#include <cstdint>
#include <functional>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/log.hpp"
#include "net/socket.hpp"

namespace heliograph::net {

/// A worker's listening socket. All workers listen on the same address, each with a socket of its
/// own (SO_REUSEPORT), and the kernel spreads the clients. Where there is no descriptor or memory
/// for a client it waits a moment and tries again; the client stays in the kernel's queue.
class Listener {
 public:
  using Accept = std::function<void(Socket)>;

  /// Throws boost::system::system_error where the address cannot be listened on.
  Listener(boost::asio::io_context& context, const boost::asio::ip::tcp::endpoint& endpoint,
           base::Log& log, Accept accept);

  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  void start() { wait(); }
  void stop();

 private:
  void wait();
  void accept_waiting();
  void pause(int error);

  boost::asio::io_context& context_;
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer pause_;
  base::Log& log_;
  Accept accept_;
  bool is_short_ = false;  // of descriptors, and said so
};

}  // namespace heliograph::net
