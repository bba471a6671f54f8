#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/clock.hpp"

namespace heliograph::reactor {

class TimerWheel;

/// Something that wants to be called at a time. Costs three words and its place in the wheel's
/// lists, so that a million of them are cheap; leaves the wheel when it is destroyed.
class Timer {
 public:
  Timer() = default;
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;
  virtual ~Timer() { unlink(); }

  virtual void time_over() = 0;

  bool is_set() const { return next_ != nullptr; }
  void unlink();

 private:
  friend class TimerWheel;
  Timer* previous_ = nullptr;
  Timer* next_ = nullptr;
  std::int64_t tick_ = 0;
};

/// A hashed timing wheel (Varghese and Lauck, 1987): setting and clearing a timer is O(1). Times
/// are rounded up to kTick. A timer further ahead than one turn of the wheel waits in its slot.
class TimerWheel {
 public:
  static constexpr std::chrono::milliseconds kTick{16};

  explicit TimerWheel(base::TimePoint start);
  ~TimerWheel();
  TimerWheel(const TimerWheel&) = delete;
  TimerWheel& operator=(const TimerWheel&) = delete;

  /// Sets `timer` to `when`, wherever it was set to before; TimePoint::max() clears it.
  void set(Timer& timer, base::TimePoint when);

  /// Whether `timer` is set to `when` or to an earlier time.
  bool is_set_by(const Timer& timer, base::TimePoint when) const {
    return timer.is_set() && start_ + (timer.tick_ - 1) * kTick < when;
  }

  /// Calls time_over() of all that are due, each of which is cleared before. They may set and
  /// destroy any timer.
  void advance(base::TimePoint now);

  /// When advance() should be called next; TimePoint::max() for not before set() was called again.
  base::TimePoint next() const { return next_; }

 private:
  static constexpr std::size_t kSlots = 4096;
  struct Head final : Timer {
    void time_over() override {}
  };

  static void link(Timer& timer, Head& head);
  static void run_slot(Head& head, std::int64_t tick);
  base::TimePoint find_next() const;

  base::TimePoint start_;
  std::int64_t current_ = 0;  // the tick up to which all timers were called
  base::TimePoint next_ = base::TimePoint::max();
  std::array<Head, kSlots> slots_;
};

}  // namespace heliograph::reactor
