#include <chrono>
#include <cstddef>
#include <deque>

#include <benchmark/benchmark.h>

#include "base/clock.hpp"
#include "engineio/session_state.hpp"
#include "engineio/settings.hpp"
#include "micro/cpu_time.hpp"
#include "reactor/timer_wheel.hpp"

namespace heliograph::micro {
namespace {

// An idle WebSocket session: a ping when it is due, and the client's pong at once.
class Heart final : public reactor::Timer {
 public:
  Heart(reactor::TimerWheel& wheel, const engineio::Settings& settings, base::TimePoint start,
        const base::TimePoint& now)
      : wheel_(wheel), now_(now), state_(engineio::Transport::kWebSocket, settings, start) {
    wheel_.set(*this, state_.deadline());
  }

  void time_over() override {
    if (state_.elapse(now_) == engineio::Step::kSendPing) {
      state_.on_packet({engineio::PacketType::kPong, false, {}}, now_);
      ++beats_;
    }
    wheel_.set(*this, state_.deadline());
  }

  std::size_t beats() const { return beats_; }

 private:
  reactor::TimerWheel& wheel_;
  const base::TimePoint& now_;
  engineio::SessionState state_;
  std::size_t beats_ = 0;
};

// One ping interval in the life of many idle sessions; the time is that of one session's beat.
void heartbeats(benchmark::State& state) {
  const auto sessions = static_cast<std::size_t>(state.range(0));
  const engineio::Settings settings;
  base::TimePoint now{};
  reactor::TimerWheel wheel(now);
  std::deque<Heart> hearts;
  for (std::size_t session = 0; session < sessions; ++session) {
    const auto arrival = settings.ping_interval * session / sessions;
    hearts.emplace_back(wheel, settings, now + arrival, now);
  }
  for (auto _ : state) {
    const base::TimePoint end = now + settings.ping_interval;
    const double start = cpu_seconds();
    for (; now < end; now += reactor::TimerWheel::kTick) {
      wheel.advance(now);
    }
    state.SetIterationTime((cpu_seconds() - start) / static_cast<double>(sessions));
  }
  if (hearts.front().beats() == 0) {
    state.SkipWithError("no heart beat");
  }
}
BENCHMARK(heartbeats)
    ->ArgName("sessions")
    ->Arg(10'000)
    ->Arg(1'000'000)
    ->UseManualTime()
    ->Iterations(3);

}  // namespace
}  // namespace heliograph::micro
