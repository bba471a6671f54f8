#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "base/now.hpp"
#include "reactor/event_loop.hpp"
#include "reactor/output.hpp"
#include "reactor/serving_clock.hpp"
#include "reactor/settings.hpp"
#include "reactor/timer_wheel.hpp"

namespace heliograph::reactor {

/// Owns a descriptor, and collects output until the turn ends.
class TurnWriter : public EventSource {
 public:
  /// The turn ends: writes what has collected.
  virtual void flush() = 0;
};

/// A task for the end of every turn.
class EndOfTurn {
 public:
  virtual ~EndOfTurn() = default;
  /// Does what has come up, before the writers write. False if there was nothing. Called again
  /// until there is nothing left for anybody, because one thing may bring about another.
  virtual bool end_turn() { return false; }
  /// All that has come up is done, and nothing refers any more to what has ended in this turn.
  virtual void turn_ended() {}
};

/// The state that everything on one loop shares: the time, the timers, one receive buffer, spare
/// outputs, the count of bytes held, and the tasks for the end of the turn.
class LoopTurn {
 public:
  explicit LoopTurn(const Settings& settings = {});
  LoopTurn(const LoopTurn&) = delete;
  LoopTurn& operator=(const LoopTurn&) = delete;
  ~LoopTurn() = default;

  EventLoop& loop() { return loop_; }
  /// See Settings.
  std::size_t max_unsent_bytes() const { return max_unsent_bytes_; }

  /// Begins a turn: waits for events until `when`, or a part of that time. Returns how far
  /// now().steady has fallen behind because of a stall since the last turn began.
  base::Duration wait(base::TimePoint when);
  /// The time at which the turn began. Deadlines of clients are set and judged by now().steady,
  /// which is the time of a ServingClock.
  const base::Now& now();
  /// For one read: the next one writes over it.
  std::span<char> receive_buffer() { return receive_buffer_; }
  TimerWheel& timers() { return timers_; }
  const TimerWheel& timers() const { return timers_; }

  /// Counts what is held for clients from one turn to the next: for one thing it was `before`
  /// bytes, and is `now`.
  void hold(std::size_t before, std::size_t now) { held_bytes_ += now - before; }
  std::size_t held_bytes() const { return held_bytes_; }

  /// An empty output to collect in, and its way back when it is empty again.
  std::unique_ptr<Output> take_output();
  void give_back(std::unique_ptr<Output> output);
  /// Frees the empty ones.
  void drop_spare();

  /// From now on `hook` is called at the end of each turn, behind those that were added before. It
  /// must outlive the last turn.
  void at_end(EndOfTurn& hook) { hooks_.push_back(&hook); }
  /// At the end of the turn `writer` writes what it has.
  void will_write(TurnWriter& writer) { writers_.push_back(&writer); }
  /// At the end of the next turn `writer` goes on; that turn waits for nothing.
  void will_write_later(TurnWriter& writer) { later_writers_.push_back(&writer); }
  /// Whether there is work to be done without an event.
  bool has_work() const { return !writers_.empty(); }
  /// `writer` does not go on in the next turn: it is destroyed when this one has ended.
  void forget(TurnWriter& writer) { std::erase(later_writers_, &writer); }

  /// Ends the turn: does all that was announced, and what follows from it.
  void end();

 private:
  static constexpr std::size_t kMaxKeptBytes = 4UL * 1024 * 1024;  // in outputs that nobody uses

  EventLoop loop_;
  std::size_t max_unsent_bytes_;
  base::TimePoint woke_;  // when the turn began, by the steady clock
  ServingClock clock_;
  base::Now now_;
  bool now_is_fresh_ = false;
  std::size_t held_bytes_ = 0;
  std::vector<char> receive_buffer_;
  TimerWheel timers_;
  std::vector<std::unique_ptr<Output>> outputs_;
  std::size_t kept_bytes_ = 0;
  std::vector<EndOfTurn*> hooks_;
  std::vector<TurnWriter*> writers_;
  std::vector<TurnWriter*> later_writers_;
};

}  // namespace heliograph::reactor
