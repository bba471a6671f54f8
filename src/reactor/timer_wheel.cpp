#include "reactor/timer_wheel.hpp"

#include <algorithm>
#include <limits>

namespace heliograph::reactor {

void Timer::unlink() {
  if (!next_) return;
  previous_->next_ = next_;
  next_->previous_ = previous_;
  previous_ = next_ = nullptr;
}

TimerWheel::TimerWheel(base::TimePoint start) : start_(start) {
  for (Head& head : slots_) head.previous_ = head.next_ = &head;
}

TimerWheel::~TimerWheel() {
  for (Head& head : slots_) {
    while (head.next_ != &head) head.next_->unlink();
    head.previous_ = head.next_ = nullptr;
  }
}

void TimerWheel::link(Timer& timer, Head& head) {
  timer.previous_ = head.previous_;
  timer.next_ = &head;
  head.previous_->next_ = &timer;
  head.previous_ = &timer;
}

void TimerWheel::set(Timer& timer, base::TimePoint when) {
  timer.unlink();
  if (when == base::TimePoint::max()) return;
  const auto ticks = (when - start_ + kTick - base::Duration{1}) / kTick;
  timer.tick_ = std::max<std::int64_t>(ticks, current_ + 1);
  link(timer, slots_[static_cast<std::size_t>(timer.tick_) % kSlots]);
  next_ = std::min(next_, start_ + timer.tick_ * kTick);
}

void TimerWheel::advance(base::TimePoint now) {
  const std::int64_t target = (now - start_) / kTick;
  // After a pause of more than a turn one look at each slot is enough.
  current_ = std::max(current_, target - static_cast<std::int64_t>(kSlots));
  while (current_ < target) {
    ++current_;
    run_slot(slots_[static_cast<std::size_t>(current_) % kSlots], target);
  }
  next_ = find_next();
}

// The slot's timers are moved to a list of their own first: what time_over() sets is for later.
void TimerWheel::run_slot(Head& head, std::int64_t tick) {
  if (head.next_ == &head) return;
  Head due;
  due.previous_ = due.next_ = &due;
  for (Timer* timer = head.next_; timer != &head;) {
    Timer* const next = timer->next_;
    if (timer->tick_ <= tick) {
      timer->unlink();
      link(*timer, due);
    }
    timer = next;
  }
  while (due.next_ != &due) {
    Timer* const timer = due.next_;
    timer->unlink();
    timer->time_over();
  }
  due.previous_ = due.next_ = nullptr;
}

base::TimePoint TimerWheel::find_next() const {
  for (std::size_t ahead = 1; ahead <= kSlots; ++ahead) {
    const std::int64_t tick = current_ + static_cast<std::int64_t>(ahead);
    const Head& head = slots_[static_cast<std::size_t>(tick) % kSlots];
    if (head.next_ != &head) return start_ + tick * kTick;
  }
  return base::TimePoint::max();
}

}  // namespace heliograph::reactor
