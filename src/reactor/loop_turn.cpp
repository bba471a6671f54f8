#include "reactor/loop_turn.hpp"

#include <chrono>
#include <utility>

#include "reactor/drain.hpp"

namespace heliograph::reactor {
namespace {

constexpr std::size_t kReceiveBytes = 64 * 1024;

}  // namespace

LoopTurn::LoopTurn(const Settings& settings)
    : max_unsent_bytes_(settings.max_unsent_bytes),
      woke_(base::Clock::now()),
      clock_(woke_),
      receive_buffer_(kReceiveBytes),
      timers_(woke_) {}

base::Duration LoopTurn::wait(base::TimePoint when) {
  const base::TimePoint begin = base::Clock::now();
  base::Duration stall = clock_.on_step(woke_, base::Duration::zero(), begin);
  const base::Duration timeout = clock_.wait_until(when, begin);
  loop_.wait(timeout);
  woke_ = base::Clock::now();
  stall += clock_.on_step(begin, timeout, woke_);
  now_is_fresh_ = false;
  return stall;
}

const base::Now& LoopTurn::now() {
  if (!now_is_fresh_) {
    const auto wall = std::chrono::system_clock::now().time_since_epoch();
    now_ = {.steady = clock_.at(woke_),
            .unix_seconds = std::chrono::duration_cast<std::chrono::seconds>(wall).count(),
            .real = woke_};
    now_is_fresh_ = true;
  }
  return now_;
}

std::unique_ptr<Output> LoopTurn::take_output() {
  if (outputs_.empty()) return std::make_unique<Output>();
  std::unique_ptr<Output> output = std::move(outputs_.back());
  outputs_.pop_back();
  kept_bytes_ -= output->memory();
  return output;
}

void LoopTurn::give_back(std::unique_ptr<Output> output) {
  const std::size_t bytes = output->memory();
  if (!output->is_small() || kept_bytes_ + bytes > kMaxKeptBytes) return;
  kept_bytes_ += bytes;
  outputs_.push_back(std::move(output));
}

void LoopTurn::drop_spare() {
  outputs_.clear();
  outputs_.shrink_to_fit();
  kept_bytes_ = 0;
}

void LoopTurn::end() {
  bool more = true;
  while (more) {
    more = false;
    for (EndOfTurn* const hook : hooks_) more |= hook->end_turn();
    more |= drain(writers_, [](TurnWriter* writer) { writer->flush(); });
  }
  for (EndOfTurn* const hook : hooks_) hook->turn_ended();
  writers_.swap(later_writers_);
}

}  // namespace heliograph::reactor
