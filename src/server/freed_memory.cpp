#include "server/freed_memory.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <sstream>
#include <utility>

#include <fcntl.h>
#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

namespace heliograph::server {
namespace {

// Idle: of the time since the last look, at most this part of one core was used.
constexpr int kIdlePart = 10;
// Less spare memory than this is not worth a trim.
constexpr std::size_t kLittle = 1024UL * 1024;
// Memory in use can pin spare memory. If this much of it was freed, another try is worth it.
constexpr std::size_t kObstacles = 64UL * 1024;
// After a try that took 1 ms, the next one is not made for 100 ms.
constexpr int kPauses = 100;
// Bytes from which a block is the kernel's own mapping, and goes back as soon as it is freed.
constexpr int kLargeBlock = 256 * 1024;
// Free bytes at the end of a heap that are kept: under load, because the next turn of the loop
// needs them again, and if the process is idle.
constexpr int kFreeEnd = 16 * 1024 * 1024;
constexpr int kIdleFreeEnd = 512 * 1024;
// glibc cuts a heap when it frees a block of more than 64 KiB.
constexpr std::size_t kCuttingBlock = 128UL * 1024;
// Bytes by which a heap grows beyond what is asked for, so that it seldom has to.
constexpr int kGrowth = 1024 * 1024;

base::Duration time_of(const timeval& time) {
  return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
}

base::Duration cpu_time() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return time_of(usage.ru_utime) + time_of(usage.ru_stime);
}

// proc_pid_statm(5): the second number, in pages.
std::size_t resident_bytes(const reactor::Descriptor& statm) {
  std::array<char, 128> text{};
  if (::pread(statm.get(), text.data(), text.size() - 1, 0) <= 0) return 0;
  std::istringstream numbers(text.data());
  std::size_t total = 0;
  std::size_t resident = 0;
  numbers >> total >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace

bool FreedMemory::is_due(base::TimePoint now, base::Duration cpu, const Memory& memory) {
  const std::optional<Look> last = std::exchange(last_, Look{now, cpu});
  after_.spare = std::min(after_.spare, memory.spare);  // what threads cut comes a little later
  is_idle_ = last && (cpu - last->cpu) * kIdlePart <= now - last->when;
  return is_idle_ && is_worth_it(now, memory);
}

bool FreedMemory::is_worth_it(base::TimePoint now, const Memory& memory) const {
  if (memory.spare >= after_.spare + kLittle) return true;
  return memory.spare >= kLittle && memory.used + kObstacles <= after_.used && now >= next_try_;
}

void FreedMemory::given_back(base::TimePoint now, base::Duration cost, const Memory& after) {
  after_ = after;
  next_try_ = now + cost * kPauses;
}

// malloc_trim(3) leaves alone the free end of each thread's heap, which is cut only when something
// is freed, and only above the second limit. glibc raises both limits, up to 64 MiB, whenever a
// large block is freed, unless they are set.
HeapTrimmer::HeapTrimmer(std::function<void()> ask_threads)
    : ask_threads_(std::move(ask_threads)),
      statm_(::open("/proc/self/statm", O_RDONLY | O_CLOEXEC)) {
  ::mallopt(M_MMAP_THRESHOLD, kLargeBlock);
  ::mallopt(M_TRIM_THRESHOLD, kFreeEnd);
  ::mallopt(M_TOP_PAD, kGrowth);
}

void HeapTrimmer::look(base::TimePoint now) {
  const bool is_due = freed_.is_due(now, cpu_time(), memory());
  ::mallopt(M_TRIM_THRESHOLD, is_due ? kIdleFreeEnd : kFreeEnd);
  if (freed_.is_idle()) ask_threads_();
  if (!is_due) return;
  ::malloc_trim(0);
  freed_.given_back(now, base::Clock::now() - now, memory());
}

// The function, because a compiler may leave a new expression out.
void cut_heap() { ::operator delete(::operator new(kCuttingBlock)); }

// The program's code and its stacks count as spare, too: they are the same each time.
Memory HeapTrimmer::memory() const {
  const struct mallinfo2 heap = ::mallinfo2();
  const std::size_t used = heap.uordblks + heap.hblkhd;
  const std::size_t resident = resident_bytes(statm_);
  return {.used = used, .spare = resident > used ? resident - used : 0};
}

}  // namespace heliograph::server
