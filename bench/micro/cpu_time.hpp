#pragma once

#include <ctime>

namespace heliograph::micro {

// Seconds of CPU that this thread has had. Unlike the time on the wall it does not count what
// others on the machine take.
inline double cpu_seconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

}  // namespace heliograph::micro
