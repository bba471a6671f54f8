#include "net/freed_memory.hpp"

#include <chrono>
#include <cstdio>
#include <fstream>
#include <utility>

#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

namespace heliograph::net {
namespace {

// Idle: of the time since the last look, at most this part of one core was used.
constexpr int kIdlePart = 10;
// What is not worth the while.
constexpr std::size_t kLittle = 2UL * 1024 * 1024;

base::Duration time_of(const timeval& time) {
  return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
}

base::Duration cpu_time() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return time_of(usage.ru_utime) + time_of(usage.ru_stime);
}

// proc_pid_statm(5): the second number, in pages.
std::size_t resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::size_t total = 0;
  std::size_t resident = 0;
  statm >> total >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace

bool FreedMemory::is_due(base::TimePoint now, base::Duration cpu, std::size_t resident) {
  const std::optional<Look> last = std::exchange(last_, Look{now, cpu});
  if (!last || resident < resident_after_ + kLittle) return false;
  return (cpu - last->cpu) * kIdlePart <= now - last->when;
}

void give_back_freed_memory(FreedMemory& freed, base::TimePoint now) {
  if (!freed.is_due(now, cpu_time(), resident_bytes())) return;
  ::malloc_trim(0);
  freed.given_back(resident_bytes());
}

}  // namespace heliograph::net
