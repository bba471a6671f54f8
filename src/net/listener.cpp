#include "net/listener.hpp"

#include <cerrno>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <system_error>
#include <utility>

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#include "net/loop_turn.hpp"

namespace heliograph::net {
namespace {

constexpr std::chrono::milliseconds kPause{50};
constexpr int kBacklog = 4096;     // the kernel cuts it to net.core.somaxconn
constexpr int kAcceptsATurn = 64;  // so that those who are connected are served in between

bool is_shortage(int error) {
  return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

void check(int result, const char* call) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), call);
}

void enable(int socket, int level, int option) {
  const int on = 1;
  check(::setsockopt(socket, level, option, &on, sizeof on), "setsockopt");
}

Descriptor bind_to(const ListenAddress& where, bool shares_port) {
  Descriptor socket(
      ::socket(where.address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  check(socket.get(), "socket");
  enable(socket.get(), SOL_SOCKET, SO_REUSEADDR);
  if (shares_port) enable(socket.get(), SOL_SOCKET, SO_REUSEPORT);
  enable(socket.get(), IPPROTO_TCP, TCP_NODELAY);  // accepted sockets inherit it
  check(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&where.address), where.length),
        "bind");
  return socket;
}

Descriptor listen_on(const ListenAddress& where) {
  Descriptor socket = bind_to(where, true);
  check(::listen(socket.get(), kBacklog), "listen");
  return socket;
}

}  // namespace

ListenAddress resolve(const std::string& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  addrinfo* found = nullptr;
  if (const int error = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found)) {
    throw std::runtime_error(::gai_strerror(error));
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, ::freeaddrinfo);
  ListenAddress address;
  address.length = found->ai_addrlen;
  std::memcpy(&address.address, found->ai_addr, found->ai_addrlen);
  return address;
}

void check_unused(const ListenAddress& address) { bind_to(address, false); }

std::uint16_t port_of(const ListenAddress& address) {
  // sockaddr_in and sockaddr_in6 have the port in the same place.
  return ntohs(reinterpret_cast<const sockaddr_in&>(address.address).sin_port);
}

Listener::Listener(LoopTurn& turn, const ListenAddress& address, base::Log& log, Accept accept)
    : turn_(turn), socket_(listen_on(address)), log_(log), accept_(std::move(accept)) {
  check(turn_.loop().add(socket_.get(), *this, Interest::kRead) ? 0 : -1, "epoll_ctl");
}

Listener::~Listener() = default;

ListenAddress Listener::address() const {
  ListenAddress own;
  own.length = sizeof own.address;
  check(::getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&own.address), &own.length),
        "getsockname");
  return own;
}

void Listener::stop() {
  Timer::unlink();
  socket_.reset();
}

void Listener::readable(bool /*has_ended*/) {
  for (int i = 0; i < kAcceptsATurn; ++i) {
    Descriptor client(::accept4(socket_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!client) {
      if (errno == EAGAIN) return;
      if (is_shortage(errno)) return pause(errno);
      break;  // the one who waited has gone
    }
    is_short_ = false;
    accept_(std::move(client));
  }
  turn_.loop().change(socket_.get(), *this, Interest::kRead);  // others may wait
}

void Listener::pause(int error) {
  if (!std::exchange(is_short_, true)) {
    log_.warn("cannot accept", {{"reason", std::generic_category().message(error)}});
  }
  turn_.loop().remove(socket_.get());
  turn_.timers().set(*this, turn_.now().steady + kPause);
}

void Listener::time_over() {
  if (!turn_.loop().add(socket_.get(), *this, Interest::kRead)) pause(errno);
}

}  // namespace heliograph::net
