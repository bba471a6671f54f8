#include "load/event_loop.hpp"

#include <array>
#include <cerrno>
#include <cstddef>

#include <sys/epoll.h>
#include <unistd.h>

#include "load/client.hpp"
#include "load/load_error.hpp"

namespace heliograph::load {
namespace {

constexpr std::size_t kReceiveBuffer = 262144;

void control(int epoll, int operation, int descriptor, std::uint32_t events, Client& client) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = &client;
  if (epoll_ctl(epoll, operation, descriptor, &event) != 0) {
    throw LoadError("epoll_ctl failed");
  }
}

}  // namespace

EventLoop::EventLoop() : epoll_(epoll_create1(EPOLL_CLOEXEC)), buffer_(kReceiveBuffer) {
  if (epoll_ < 0) {
    throw LoadError("epoll_create1 failed");
  }
}

EventLoop::~EventLoop() { close(epoll_); }

void EventLoop::turn(std::chrono::milliseconds timeout) {
  flush();
  std::array<epoll_event, 256> events{};
  const int count =
      epoll_wait(epoll_, events.data(), events.size(), static_cast<int>(timeout.count()));
  if (count < 0 && errno != EINTR) {
    throw LoadError("epoll_wait failed");
  }
  for (int at = 0; at < count; ++at) {
    const epoll_event& event = events[static_cast<std::size_t>(at)];
    static_cast<Client*>(event.data.ptr)->handle(event.events);
    flush();
  }
}

void EventLoop::add(int descriptor, std::uint32_t events, Client& client) const {
  control(epoll_, EPOLL_CTL_ADD, descriptor, events, client);
}

void EventLoop::modify(int descriptor, std::uint32_t events, Client& client) const {
  control(epoll_, EPOLL_CTL_MOD, descriptor, events, client);
}

void EventLoop::flush() {
  for (Client* client : unsent_) {
    client->flush();
  }
  unsent_.clear();
}

}  // namespace heliograph::load
