#include <algorithm>
#include <chrono>
#include <cstdint>
#include <deque>
#include <random>
#include <string>
#include <vector>

#include "load/crowd.hpp"
#include "load/event_loop.hpp"
#include "load/gathering.hpp"
#include "load/load_error.hpp"
#include "load/scenarios.hpp"
#include "load/traffic.hpp"

namespace heliograph::load {
namespace {

using Clock = std::chrono::steady_clock;
using Microseconds = std::chrono::duration<double, std::micro>;

// Sends what is due and notes how late each message arrived.
class Timetable : public ClientHandler {
 public:
  Timetable(EventLoop& loop, Lanes& lanes, const Crowd& crowd, double rate)
      : loop_(loop),
        lanes_(lanes),
        due_(lanes.size()),
        sender_(0, crowd.clients().size() - 1),
        pause_(rate) {
    for (const auto& client : crowd.clients()) {
      client->set_handler(*this);
    }
  }

  // Keeps the timetable until `end`; what is due before `count_from` is sent but not counted.
  // It never sleeps: a message must not wait for this program to wake up.
  void run(Clock::time_point count_from, Clock::time_point end) {
    count_from_ = count_from;
    Clock::time_point next = Clock::now();
    while (next < end) {
      for (const Clock::time_point now = Clock::now(); next <= now && next < end;) {
        send(next);
        next += std::chrono::duration_cast<Clock::duration>(
            std::chrono::duration<double>(pause_(random_)));
      }
      loop_.turn(std::chrono::milliseconds(0));
    }
    turn_until(
        loop_, "waiting for the last messages", [&] { return in_flight_ == 0; },
        [&] { return in_flight_; });
  }

  // In microseconds, sorted.
  std::vector<double> latencies() {
    std::ranges::sort(latencies_);
    return latencies_;
  }

  void on_message(Client& client, std::string_view text) override {
    std::deque<Clock::time_point>& due = due_[lanes_.check(client, text)];
    if (due.front() >= count_from_) {
      latencies_.push_back(Microseconds(Clock::now() - due.front()).count());
    }
    due.pop_front();
    --in_flight_;
  }

  void on_ready(Client&) override { throw LoadError("a client was ready twice"); }
  void on_closed(Client&) override { throw LoadError("a client was closed"); }

 private:
  void send(Clock::time_point due) {
    due_[lanes_.send_from(sender_(random_))].push_back(due);
    ++in_flight_;
  }

  EventLoop& loop_;
  Lanes& lanes_;
  std::vector<std::deque<Clock::time_point>> due_;  // of the messages in flight, by lane
  std::uniform_int_distribution<std::size_t> sender_;
  std::exponential_distribution<double> pause_;  // in seconds
  std::mt19937_64 random_{std::random_device{}()};
  Clock::time_point count_from_;
  std::uint64_t in_flight_ = 0;
  std::vector<double> latencies_;
};

}  // namespace

Report run_latency(const Run& run, const RelayShape& shape, double rate) {
  EventLoop loop;
  Crowd crowd(loop, run.target);
  Gathering gathering(loop, crowd, shape.room_size);
  const Body body = make_body(shape.body);
  const bool echo = run.target.dialect == Dialect::kEcho;
  crowd.grow_to(echo ? shape.rooms : shape.rooms * shape.room_size);
  if (!echo) {
    gathering.gather();
  }
  Lanes lanes = echo ? Lanes::of_echo(body, crowd) : Lanes::of_rooms(body, crowd, shape.room_size);
  Timetable timetable(loop, lanes, crowd, rate);
  const Clock::time_point start = Clock::now() + run.window.warm_up;
  timetable.run(start, start + run.window.length);

  const std::vector<double> sorted = timetable.latencies();
  if (sorted.empty()) {
    throw LoadError("no message was due while latency was measured");
  }
  const auto quantile = [&](double part) {
    return sorted[static_cast<std::size_t>(static_cast<double>(sorted.size() - 1) * part)];
  };
  Report report;
  report.add("rate", rate);
  report.add("p50_microseconds", quantile(0.5));
  report.add("p99_microseconds", quantile(0.99));
  report.add("p999_microseconds", quantile(0.999));
  return report;
}

}  // namespace heliograph::load
