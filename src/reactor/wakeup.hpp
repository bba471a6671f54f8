#pragma once

#include <functional>

#include "reactor/descriptor.hpp"
#include "reactor/event_loop.hpp"

namespace heliograph::reactor {

/// Lets other threads wake a loop (eventfd).
class Wakeup final : private EventSource {
 public:
  /// `woken` is called in the loop's thread. Throws std::system_error if there is no descriptor.
  Wakeup(EventLoop& loop, std::function<void()> woken);
  ~Wakeup() override;
  Wakeup(const Wakeup&) = delete;
  Wakeup& operator=(const Wakeup&) = delete;

  /// From any thread; calls before the loop wakes count as one.
  void wake();

 private:
  void readable(OtherSide other_side) override;

  Descriptor event_;
  std::function<void()> woken_;
};

}  // namespace heliograph::reactor
