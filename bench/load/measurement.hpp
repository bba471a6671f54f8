#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "load/event_loop.hpp"
#include "load/server_process.hpp"

namespace heliograph::load {

struct Window {
  std::chrono::milliseconds warm_up{1000};
  std::chrono::milliseconds length{2000};
};

// What one window showed.
struct Measurement {
  std::uint64_t work = 0;  // messages, connections or calls done
  double seconds = 0;
  double server_seconds = 0;            // of CPU
  std::optional<double> redis_seconds;  // of CPU
  double load_seconds = 0;              // of CPU, this process

  double microseconds_per_work() const;
  double work_per_second() const;
};

// Turns the loop through the warm-up and the window; `work` counts what has been done so far.
// Throws LoadError where nothing was.
Measurement measure(EventLoop& loop, const Server& server, Window window,
                    const std::function<std::uint64_t()>& work);

// Turns the loop until `done`. Throws LoadError, naming `what`, after 10 s without a change of
// `progress`.
void turn_until(EventLoop& loop, std::string_view what, const std::function<bool()>& done,
                const std::function<std::uint64_t()>& progress);

}  // namespace heliograph::load
