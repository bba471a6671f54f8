#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <sys/socket.h>

#include "base/log.hpp"
#include "http/exchange.hpp"
#include "http/http1.hpp"
#include "http/settings.hpp"
#include "reactor/connections.hpp"
#include "reactor/inbox.hpp"
#include "reactor/listener.hpp"
#include "reactor/loop_turn.hpp"
#include "reactor/testing/test_client.hpp"
#include "reactor/wakeup.hpp"

// HTTP on loopback, for tests only.
namespace heliograph::http::testing {

using reactor::testing::TestClient;

/// The longest that a test waits. Nothing takes this long unless it is broken.
inline constexpr std::chrono::seconds kPatience{10};

/// How many times things have happened. Any thread.
class Events {
 public:
  void add(const std::string& event) {
    const std::lock_guard lock(mutex_);
    ++counts_[event];
    changed_.notify_all();
  }
  int count(const std::string& event) const {
    const std::lock_guard lock(mutex_);
    return count_locked(event);
  }
  /// Returns when the event has happened so many times; false if it does not.
  bool await(const std::string& event, int times = 1) const {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kPatience, [&] { return count_locked(event) >= times; });
  }

 private:
  int count_locked(const std::string& event) const {
    const auto found = counts_.find(event);
    return found == counts_.end() ? 0 : found->second;
  }

  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::map<std::string, int> counts_;
};

/// Lets everybody in. A test says how it answers.
class TestHandler : public Handler {
 public:
  bool enter(reactor::Connection& /*connection*/, const base::IpAddress& /*address*/) override {
    return true;
  }
  ClientAddress identify(const Sender& sender, const Request& /*head*/) override {
    return {.address = sender.address};
  }
  std::size_t max_body_bytes(const Request& /*head*/) const override { return max_body_bytes_; }
  Sharing sharing(const Request& /*head*/) const override { return Sharing::kAsConfigured; }
  void on_head(Exchange& /*exchange*/, const Request& /*head*/) override {}

 protected:
  std::size_t max_body_bytes_ = 1'000;
};

/// A loop with a thread of its own, which serves HTTP on a port of loopback until it is destroyed.
/// Its handler learns nothing of the exchanges that are left then. Counts "connection ended".
class HttpLoop {
 public:
  struct Options {
    std::size_t max_body_bytes = 100'000;
    std::size_t max_unsent_bytes = reactor::Settings{}.max_unsent_bytes;
    int send_buffer_bytes = 0;  // of each connection's socket; 0: as the system has it
  };
  HttpLoop(const Settings& settings, Handler& handler, Events& events, const Options& options)
      : options_(options),
        counter_(events),
        turn_({.max_unsent_bytes = options.max_unsent_bytes}),
        wakeup_(turn_.loop(), [this] { inbox_.take(tasks_); }),
        handler_(handler),
        shared_{.turn = turn_,
                .settings = settings,
                .log = log_,
                .max_body_bytes = options.max_body_bytes},
        thread_([this] { run(); }) {}
  ~HttpLoop() {
    post([this] { is_done_ = true; });
  }
  HttpLoop(const HttpLoop&) = delete;
  HttpLoop& operator=(const HttpLoop&) = delete;

  std::uint16_t port() const { return reactor::port_of(listener_.address()); }

  /// Runs `act` in the loop's thread when a turn begins, and returns what it returns. All that came
  /// up in earlier turns is done by then.
  template <class Act>
  auto run_in_turn(Act act) {
    using Result = decltype(act());
    const auto task = std::make_shared<std::packaged_task<Result()>>(std::move(act));
    std::future<Result> result = task->get_future();
    post([task] { (*task)(); });
    if (result.wait_for(kPatience) != std::future_status::ready) {
      throw std::runtime_error("the loop does not turn");
    }
    return result.get();
  }

  // In the loop's thread:
  const reactor::LoopTurn& turn() const { return turn_; }
  /// The most that LoopTurn::held_bytes() has been at the end of a turn.
  std::size_t most_held_bytes() const { return most_held_bytes_; }
  /// As a server does that stops.
  void begin_stop() {
    shared_.is_stopping = true;
    connections_.stop();
  }

 private:
  using Task = std::function<void()>;

  class Counter final : public reactor::ConnectionCounter {
   public:
    explicit Counter(Events& events) : events_(events) {}
    void leave() override { events_.add("connection ended"); }

   private:
    Events& events_;
  };

  void post(Task task) {
    if (inbox_.push(std::move(task), 0)) wakeup_.wake();
  }

  void run() {
    while (!is_done_) {
      const bool has_work = turn_.has_work() || !tasks_.empty();
      turn_.wait(has_work ? base::TimePoint{} : turn_.timers().next());
      for (const Task& task : std::exchange(tasks_, {})) task();
      turn_.loop().dispatch();
      const base::TimePoint now = turn_.now().steady;
      if (turn_.timers().next() <= now) turn_.timers().advance(now);
      turn_.end();
      most_held_bytes_ = std::max(most_held_bytes_, turn_.held_bytes());
    }
  }

  void on_connection(reactor::Descriptor socket, const base::IpAddress& address) {
    if (const int& bytes = options_.send_buffer_bytes; bytes > 0) {
      ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
    }
    reactor::Connection& connection = connections_.connect(std::move(socket));
    connection.occupy(reactor::ConnectionPlace(&counter_));
    auto http = std::make_unique<Http1>(shared_, handler_, connection, Sender{.address = address});
    Http1& protocol = *http;
    connection.start(std::move(http));
    if (!handler_.enter(connection, address)) protocol.refuse_address();
  }

  Options options_;
  base::Log log_{base::LogLevel::kOff, base::LogFormat::kText};
  Counter counter_;
  reactor::Inbox<Task> inbox_;
  std::vector<Task> tasks_;  // for the next turn
  bool is_done_ = false;
  std::size_t most_held_bytes_ = 0;
  reactor::LoopTurn turn_;
  reactor::Connections connections_{turn_};
  reactor::Wakeup wakeup_;
  Handler& handler_;
  SharedByConnections shared_;
  reactor::Listener listener_{turn_,
                              reactor::resolve("127.0.0.1", 0).front(),
                              log_,
                              [this](reactor::Descriptor socket, const base::IpAddress& address) {
                                on_connection(std::move(socket), address);
                              },
                              [] { return false; },
                              [] { return std::string(); }};
  std::jthread thread_;
};

/// A test of one HttpLoop. A test's own handler, and all that it needs, must be members of the
/// fixture: the loop may call it until TearDown().
class HttpTest : public ::testing::Test {
 protected:
  void TearDown() override { stop(); }

  void start(Handler& handler) { loop_.emplace(settings_, handler, events_, options_); }
  /// Returns when the loop has ended, and all connections with it.
  void stop() { loop_.reset(); }

  std::uint16_t port() const { return loop_->port(); }
  /// See HttpLoop::run_in_turn().
  template <class Act>
  auto in_loop(Act act) {
    return loop_->run_in_turn(std::move(act));
  }
  void begin_stop() {
    in_loop([this] { loop_->begin_stop(); });
  }
  /// Returns when the loop has done all that the test has caused so far and that needs no client.
  void let_turn(int turns = 3) {
    for (int i = 0; i < turns; ++i) in_loop([] {});
  }
  std::size_t held_bytes() {
    return in_loop([this] { return loop_->turn().held_bytes(); });
  }
  std::size_t most_held_bytes() {
    return in_loop([this] { return loop_->most_held_bytes(); });
  }

  Settings settings_;  // once it has started, to be changed in the loop only
  HttpLoop::Options options_;
  Events events_;

 private:
  std::optional<HttpLoop> loop_;
};

}  // namespace heliograph::http::testing
