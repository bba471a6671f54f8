#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <utility>

namespace heliograph::cluster::testing {

/// For tests: what redis::Connection is to its user, without sockets. Commands reach the store in
/// their order, and so do their answers come back; in between, the test decides.
class SimulatedConnection {
 public:
  struct Command {
    std::function<bool()> may_act;  // false while the store has it wait
    std::function<void()> act;      // the store carries it out
    std::function<void()> answer;   // its answer has come
  };
  struct Events {
    std::function<void()> up;
    std::function<void()> down;
  };
  explicit SimulatedConnection(Events events) : events_(std::move(events)) {}

  bool is_up() const { return state_ == State::kUp; }
  /// It has broken, and the node does not know yet.
  bool is_broken() const { return state_ == State::kBroken; }
  /// Without a connection it never gets an answer.
  void send(Command command) {
    if (is_up()) outgoing_.push_back(std::move(command));
  }
  /// It breaks, after this many of the commands under way were carried out. The node learns of it
  /// later.
  void cut(std::size_t carried_out) {
    if (!is_up()) return;
    for (; carried_out > 0 && may_act(); --carried_out) act();
    state_ = State::kBroken;
  }

  // The steps that may be next, and their effects.

  bool may_act() const { return is_up() && !outgoing_.empty() && outgoing_.front().may_act(); }
  void act() {
    outgoing_.front().act();
    incoming_.push_back(std::move(outgoing_.front()));
    outgoing_.pop_front();
  }
  bool may_answer() const { return is_up() && !incoming_.empty(); }
  void answer() {
    const Command answered = std::move(incoming_.front());
    incoming_.pop_front();
    answered.answer();
  }
  bool may_change() const { return state_ != State::kUp; }
  void change() {
    if (state_ == State::kBroken) {
      outgoing_.clear();
      incoming_.clear();
      state_ = State::kDown;
      return events_.down();
    }
    state_ = State::kUp;
    events_.up();
  }

  std::size_t command_count() const { return outgoing_.size(); }
  bool is_at_rest() const { return is_up() && outgoing_.empty() && incoming_.empty(); }
  /// It waits for nothing but a command that the store has wait.
  bool waits_at_store() const {
    return is_up() && incoming_.empty() && outgoing_.size() == 1 && !may_act();
  }

 private:
  enum class State : unsigned char { kDown, kUp, kBroken };
  Events events_;
  State state_ = State::kDown;
  std::deque<Command> outgoing_;
  std::deque<Command> incoming_;
};

}  // namespace heliograph::cluster::testing
