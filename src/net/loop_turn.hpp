#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "gateway/application.hpp"
#include "net/connection.hpp"
#include "net/event_loop.hpp"
#include "net/output.hpp"
#include "net/serving_clock.hpp"
#include "net/timer_wheel.hpp"

namespace heliograph::net {

class Session;

/// What the connections and sessions of a worker share from one turn of its loop to the next: the
/// time, one receive buffer, the timers, and the list of what is to be done when the turn ends.
class LoopTurn {
 public:
  LoopTurn();
  ~LoopTurn();
  LoopTurn(const LoopTurn&) = delete;
  LoopTurn& operator=(const LoopTurn&) = delete;

  EventLoop& loop() { return loop_; }

  /// Begins a turn: waits for events until `when`, or a part of that time. Returns by how
  /// much now().steady has fallen behind on account of a stall since the last turn began.
  base::Duration wait(base::TimePoint when);
  /// The time at which the turn began. Deadlines of clients are set and judged by now().steady,
  /// which is the time of a ServingClock.
  const base::Now& now();
  /// For one read; whoever reads next writes over it.
  std::span<char> receive_buffer() { return receive_buffer_; }
  TimerWheel& timers() { return timers_; }
  const TimerWheel& timers() const { return timers_; }
  bool has_connections() const { return !connections_.empty() || !arrivals_.empty(); }
  /// The server stops.
  void stop_connections();
  /// The connection is of a client that was let in: it is not dropped for want of descriptors.
  void admit(Connection& connection);
  /// At the end of the turn, the one that has been here longest without being admitted is dropped.
  /// False if there is none.
  bool drop_oldest_arrival();
  /// Destroys all connections, which end without a word.
  void drop_connections();
  /// Makes a connection, which the turn owns from then on.
  Connection& connect(Descriptor socket);

  /// Counts what is held for clients from one turn to the next: for one thing it was `before`
  /// bytes, and is `now`.
  void hold(std::size_t before, std::size_t now) { held_bytes_ += now - before; }
  std::size_t held_bytes() const { return held_bytes_; }
  /// At the end of the turn, those that have been here longest without being admitted, and for
  /// which something is held, are dropped, until so many bytes are free. Returns how many will be.
  std::size_t drop_arrivals(std::size_t bytes);

  /// An empty output to collect in, and its way back when it is empty again.
  std::unique_ptr<Output> take_output();
  void give_back(std::unique_ptr<Output> output);
  /// Frees the empty ones.
  void drop_spare();

  /// At the end of the turn `connection` writes what it has.
  void will_write(Connection& connection) { writers_.push_back(&connection); }
  /// At the end of the next turn `connection` goes on; that turn waits for nothing.
  void will_write_later(Connection& connection) { later_writers_.push_back(&connection); }
  /// Whether there is work to be done without an event.
  bool has_work() const { return !writers_.empty(); }
  /// At the end of the turn the connection, which is finished, is destroyed.
  void will_destroy(Connection& connection);
  /// At the end of the turn the session's waiting poll is answered with all that is queued.
  void will_answer_poll(Session& session) { polls_.push_back(&session); }
  /// At the end of the turn the session is ended and destroyed.
  void will_end(Session& session) { ending_.push_back(&session); }

  /// Ends the turn: does all that the will_… functions announced, and what follows from it.
  void end();

 private:
  static constexpr std::size_t kMaxKeptBytes = 4UL * 1024 * 1024;  // in outputs that nobody uses

  EventLoop loop_;
  base::TimePoint woke_;  // when the turn began, by the steady clock
  ServingClock clock_;
  base::Now now_;
  bool now_is_fresh_ = false;
  std::size_t held_bytes_ = 0;
  std::vector<char> receive_buffer_;
  TimerWheel timers_;
  ConnectionList arrivals_;     // in the order of their coming, until they are admitted
  ConnectionList connections_;  // all others
  ConnectionList finished_;
  std::vector<std::unique_ptr<Output>> outputs_;
  std::size_t kept_bytes_ = 0;
  std::vector<Connection*> writers_;
  std::vector<Connection*> later_writers_;
  std::vector<Session*> polls_;
  std::vector<Session*> ending_;
};

}  // namespace heliograph::net
