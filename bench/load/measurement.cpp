#include "load/measurement.hpp"

#include <ctime>

#include "load/load_error.hpp"

namespace heliograph::load {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::duration;
using std::chrono::milliseconds;

double own_cpu_seconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

std::optional<double> redis_seconds(const Server& server) {
  if (!server.redis) {
    return std::nullopt;
  }
  return duration<double>(server.redis->cpu_time()).count();
}

void turn_for(EventLoop& loop, milliseconds length) {
  const Clock::time_point end = Clock::now() + length;
  while (Clock::now() < end) {
    loop.turn(milliseconds(10));
  }
}

}  // namespace

double Measurement::microseconds_per_work() const {
  return server_seconds * 1e6 / static_cast<double>(work);
}

double Measurement::work_per_second() const { return static_cast<double>(work) / seconds; }

Measurement measure(EventLoop& loop, const Server& server, Window window,
                    const std::function<std::uint64_t()>& work) {
  turn_for(loop, window.warm_up);
  const std::uint64_t work_before = work();
  const double own_before = own_cpu_seconds();
  const auto server_before = server.cpu_time();
  const auto redis_before = redis_seconds(server);
  const Clock::time_point before = Clock::now();
  turn_for(loop, window.length);
  Measurement result;
  result.server_seconds = duration<double>(server.cpu_time() - server_before).count();
  if (redis_before) {
    result.redis_seconds = *redis_seconds(server) - *redis_before;
  }
  result.seconds = duration<double>(Clock::now() - before).count();
  result.load_seconds = own_cpu_seconds() - own_before;
  result.work = work() - work_before;
  if (result.work == 0) {
    throw LoadError("nothing was done while it was measured");
  }
  return result;
}

void turn_until(EventLoop& loop, std::string_view what, const std::function<bool()>& done,
                const std::function<std::uint64_t()>& progress) {
  constexpr std::chrono::seconds kPatience{10};
  std::uint64_t last = progress();
  Clock::time_point last_change = Clock::now();
  while (!done()) {
    loop.turn(milliseconds(10));
    const std::uint64_t now = progress();
    if (now != last) {
      last = now;
      last_change = Clock::now();
    } else if (Clock::now() - last_change > kPatience) {
      throw LoadError("no progress for 10 s: " + std::string(what));
    }
  }
}

}  // namespace heliograph::load
