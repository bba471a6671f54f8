#include "reactor/listener.hpp"

#include <cerrno>
#include <cstring>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <stdexcept>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>

#include "reactor/loop_turn.hpp"

namespace heliograph::reactor {
namespace {

constexpr std::chrono::milliseconds kPause{50};
constexpr std::chrono::seconds kLinger{2};  // for a client that was refused to read why
constexpr int kBacklog = 4096;              // the kernel cuts it to net.core.somaxconn
constexpr int kAcceptsATurn = 64;           // so that connected clients are served in between

bool is_shortage(int error) {
  return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

// Held shared while a client is accepted, and alone while a reserve is replaced, so that no other
// thread's client takes the free place.
std::shared_mutex& descriptors() {
  static std::shared_mutex mutex;
  return mutex;
}

Descriptor accept_from(const Descriptor& socket, sockaddr_storage& from) {
  socklen_t length = sizeof from;
  return Descriptor(::accept4(socket.get(), reinterpret_cast<sockaddr*>(&from), &length,
                              SOCK_NONBLOCK | SOCK_CLOEXEC));
}

Descriptor accept_shared(const Descriptor& socket, sockaddr_storage& from) {
  const std::shared_lock lock(descriptors());
  return accept_from(socket, from);
}

// Any descriptor will do: it is closed when its place is needed.
Descriptor take_reserve() { return Descriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC)); }

void check(int result, const char* call) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), call);
}

void enable(int socket, int level, int option) {
  const int on = 1;
  check(::setsockopt(socket, level, option, &on, sizeof on), "setsockopt");
}

// "::" takes both families, however the machine has that set.
void accept_ipv4(int socket) {
  const int off = 0;
  check(::setsockopt(socket, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off), "setsockopt");
}

enum class Port : bool { kAlone, kShared };

Descriptor bind_to(const ListenAddress& where, Port port) {
  Descriptor socket(
      ::socket(where.address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  check(socket.get(), "socket");
  enable(socket.get(), SOL_SOCKET, SO_REUSEADDR);
  if (port == Port::kShared) enable(socket.get(), SOL_SOCKET, SO_REUSEPORT);
  enable(socket.get(), IPPROTO_TCP, TCP_NODELAY);  // accepted sockets inherit it
  if (where.address.ss_family == AF_INET6) accept_ipv4(socket.get());
  check(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&where.address), where.length),
        "bind");
  return socket;
}

Descriptor listen_on(const ListenAddress& where) {
  Descriptor socket = bind_to(where, Port::kShared);
  check(::listen(socket.get(), kBacklog), "listen");
  return socket;
}

ListenAddress look_up(const std::string& host, std::uint16_t port) {
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

}  // namespace

Ipv6 detect_ipv6() {
  // A kernel without IPv6 has no such sockets; one that has it switched off has no loopback of it.
  ListenAddress loopback;
  auto& ipv6 = reinterpret_cast<sockaddr_in6&>(loopback.address);
  ipv6.sin6_family = AF_INET6;
  ipv6.sin6_addr = in6addr_loopback;
  const Descriptor socket(::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const auto* where = reinterpret_cast<const sockaddr*>(&loopback.address);
  return socket && ::bind(socket.get(), where, sizeof ipv6) == 0 ? Ipv6::kOn : Ipv6::kOff;
}

std::vector<ListenAddress> resolve(const std::string& host, std::uint16_t port, Ipv6 ipv6) {
  if (host == "::" && ipv6 == Ipv6::kOff) return {look_up("0.0.0.0", port)};
  if (host != "localhost") return {look_up(host, port)};
  std::vector<ListenAddress> loopback{look_up("127.0.0.1", port)};
  if (ipv6 == Ipv6::kOn) loopback.push_back(look_up("::1", port));
  return loopback;
}

ListenAddress with_port(ListenAddress address, std::uint16_t port) {
  reinterpret_cast<sockaddr_in&>(address.address).sin_port = htons(port);
  return address;
}

void check_unused(const ListenAddress& address) { bind_to(address, Port::kAlone); }

std::uint16_t port_of(const ListenAddress& address) {
  // sockaddr_in and sockaddr_in6 have the port in the same place.
  return ntohs(reinterpret_cast<const sockaddr_in&>(address.address).sin_port);
}

Listener::Listener(LoopTurn& turn, const ListenAddress& address, base::Log& log, Accept accept,
                   MakeRoom make_room, Refusal refusal)
    : turn_(turn),
      socket_(listen_on(address)),
      log_(log),
      accept_(std::move(accept)),
      make_room_(std::move(make_room)),
      refusal_(std::move(refusal)),
      reserve_(take_reserve()) {
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

void Listener::readable(OtherSide /*other_side*/) {
  for (int i = 0; i < kAcceptsATurn; ++i) {
    if (!accept_one()) return;
  }
  turn_.loop().change(socket_.get(), *this, Interest::kRead);  // others may wait
}

// False if there is nobody, or no place for anybody now.
bool Listener::accept_one() {
  sockaddr_storage from{};
  Descriptor client = accept_shared(socket_, from);
  if (client) {
    is_short_ = false;
    if (reserve_) {
      accept_(std::move(client), ip_address(from));
    } else {
      reserve_ = std::move(client);
      answer_refused();
    }
    return true;
  }
  if (errno == EAGAIN) return false;
  if (!is_shortage(errno)) return true;  // the client that waited has gone
  bear_shortage(errno);
  return false;
}

// The kernel looks for a descriptor before it looks for a client.
bool Listener::has_waiting() const {
  pollfd socket{.fd = socket_.get(), .events = POLLIN, .revents = 0};
  return ::poll(&socket, 1, 0) == 1;
}

void Listener::bear_shortage(int error) {
  if (!has_waiting()) return;
  if (!std::exchange(is_short_, true)) {
    log_.warn("cannot accept", {{"reason", std::generic_category().message(error)}});
  }
  const bool is_of_descriptors = error == EMFILE || error == ENFILE;
  if (is_of_descriptors && (make_room_() || refuse_one())) {
    turn_.loop().change(socket_.get(), *this, Interest::kRead);
  } else {
    pause();
  }
}

template <class Take>
void Listener::replace_reserve(Take take) {
  const std::lock_guard lock(descriptors());
  reserve_.reset();
  reserve_ = take();
}

// The client takes the place of the reserve: to close it at once would send a reset, which may
// overtake the answer.
bool Listener::refuse_one() {
  sockaddr_storage from{};
  replace_reserve([&] { return accept_from(socket_, from); });
  if (reserve_) answer_refused();
  return static_cast<bool>(reserve_);
}

// Tells the client in the reserve's place that it is refused.
void Listener::answer_refused() {
  const std::string answer = refusal_();
  ::send(reserve_.get(), answer.data(), answer.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  ::shutdown(reserve_.get(), SHUT_WR);
  turn_.timers().set(*this, turn_.now().steady + kLinger);
}

void Listener::pause() {
  is_paused_ = true;
  turn_.loop().remove(socket_.get());
  turn_.timers().set(*this, turn_.now().steady + kPause);
}

void Listener::time_over() {
  replace_reserve(take_reserve);
  if (!std::exchange(is_paused_, false)) return;
  if (!turn_.loop().add(socket_.get(), *this, Interest::kRead)) pause();
}

}  // namespace heliograph::reactor
