#include "reactor/wakeup.hpp"

#include <cerrno>
#include <cstdint>
#include <system_error>
#include <utility>

#include <sys/eventfd.h>
#include <unistd.h>

namespace heliograph::reactor {

Wakeup::Wakeup(EventLoop& loop, std::function<void()> woken)
    : event_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)), woken_(std::move(woken)) {
  if (!event_ || !loop.add(event_.get(), *this, Interest::kRead)) {
    throw std::system_error(errno, std::generic_category(), "eventfd");
  }
}

Wakeup::~Wakeup() = default;

// Neither call can fail on an eventfd but for being full or empty, which is as good.
void Wakeup::wake() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = ::write(event_.get(), &one, sizeof one);
}

void Wakeup::readable(OtherSide /*other_side*/) {
  std::uint64_t count = 0;
  [[maybe_unused]] const ssize_t got = ::read(event_.get(), &count, sizeof count);
  woken_();
}

}  // namespace heliograph::reactor
