#include "net/listener.hpp"

#include <cerrno>
#include <cstring>
#include <utility>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace heliograph::net {
namespace {

using boost::asio::ip::tcp;
using ReusePort = boost::asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

constexpr std::chrono::milliseconds kPause{50};
constexpr int kBacklog = 4096;     // the kernel cuts it to net.core.somaxconn
constexpr int kAcceptsATurn = 64;  // so that those who are connected are served in between

bool is_shortage(int error) {
  return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

}  // namespace

Listener::Listener(boost::asio::io_context& context, const tcp::endpoint& endpoint, base::Log& log,
                   Accept accept)
    : context_(context),
      acceptor_(context),
      pause_(context),
      log_(log),
      accept_(std::move(accept)) {
  acceptor_.open(endpoint.protocol());
  acceptor_.set_option(tcp::acceptor::reuse_address(true));
  acceptor_.set_option(ReusePort(true));
  acceptor_.set_option(tcp::no_delay(true));  // accepted sockets inherit it
  acceptor_.bind(endpoint);
  acceptor_.listen(kBacklog);
  acceptor_.non_blocking(true);
}

void Listener::stop() {
  boost::system::error_code ignored;
  acceptor_.close(ignored);
  pause_.cancel();
}

void Listener::wait() {
  acceptor_.async_wait(tcp::acceptor::wait_read, [this](const boost::system::error_code& error) {
    if (!error) accept_waiting();
  });
}

void Listener::accept_waiting() {
  for (int i = 0; i < kAcceptsATurn; ++i) {
    const int descriptor =
        ::accept4(acceptor_.native_handle(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (descriptor < 0) {
      if (is_shortage(errno)) return pause(errno);
      break;  // nobody waits, or the one who did has gone
    }
    is_short_ = false;
    Socket socket(context_);
    boost::system::error_code error;
    socket.assign(acceptor_.local_endpoint().protocol(), descriptor, error);
    if (error) {
      ::close(descriptor);
      return pause(error.value());
    }
    accept_(std::move(socket));
  }
  wait();
}

void Listener::pause(int error) {
  if (!std::exchange(is_short_, true)) {
    log_.warn("cannot accept", {{"reason", std::strerror(error)}});
  }
  pause_.expires_after(kPause);
  pause_.async_wait([this](const boost::system::error_code& cancelled) {
    if (!cancelled) accept_waiting();
  });
}

}  // namespace heliograph::net
