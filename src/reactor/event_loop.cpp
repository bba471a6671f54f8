#include "reactor/event_loop.hpp"

#include <algorithm>
#include <cerrno>
#include <limits>
#include <system_error>

namespace heliograph::reactor {
namespace {

// What epoll_wait takes: milliseconds, rounded up so as not to wake before the time; -1 for ever.
int milliseconds_of(base::Duration timeout) {
  if (timeout == base::Duration::max()) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(timeout).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, std::numeric_limits<int>::max()));
}

epoll_event event_for(EventSource& source, Interest interest) {
  epoll_event event{};
  event.events = static_cast<std::uint32_t>(interest);
  event.data.ptr = &source;
  return event;
}

}  // namespace

EventLoop::EventLoop() : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  if (!epoll_) throw std::system_error(errno, std::generic_category(), "epoll_create1");
}

bool EventLoop::add(int descriptor, EventSource& source, Interest interest) {
  epoll_event event = event_for(source, interest);
  return ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, descriptor, &event) == 0;
}

void EventLoop::change(int descriptor, EventSource& source, Interest interest) {
  epoll_event event = event_for(source, interest);
  ::epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, descriptor, &event);
}

void EventLoop::remove(int descriptor) {
  ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, descriptor, nullptr);
}

void EventLoop::wait(base::Duration timeout) {
  count_ = ::epoll_wait(epoll_.get(), events_.data(), kBatch, milliseconds_of(timeout));
}

void EventLoop::dispatch() {
  for (int i = 0; i < count_; ++i) {
    const epoll_event& event = events_[static_cast<std::size_t>(i)];
    EventSource& source = *static_cast<EventSource*>(event.data.ptr);
    if ((event.events & EPOLLOUT) != 0) source.writable();
    if ((event.events & ~std::uint32_t{EPOLLOUT}) != 0) {
      const bool has_ended = (event.events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
      source.readable(has_ended ? OtherSide::kEnded : OtherSide::kOpen);
    }
  }
}

}  // namespace heliograph::reactor
