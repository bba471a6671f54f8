#pragma once

#include <cstddef>
#include <functional>
#include <optional>

#include "base/clock.hpp"
#include "reactor/descriptor.hpp"

namespace heliograph::server {

/// The memory of a process, in bytes.
struct Memory {
  std::size_t used = 0;   // allocated
  std::size_t spare = 0;  // resident, and not allocated
};

/// Decides when freed memory is given back to the kernel: if the process is idle, and either more
/// is spare than after the last time, or less is used. Memory in use can pin spare memory next to
/// it, so another try is worth it when some of it was freed. Such tries take at most a hundredth of
/// the time. Under load memory is kept, because it is needed again.
///
/// Pure: it is told the times and the memory.
class FreedMemory {
 public:
  /// Whether to do it now. `cpu`: the CPU time that the process has used.
  bool is_due(base::TimePoint now, base::Duration cpu, const Memory& memory);
  /// Whether the process was idle between the last two looks.
  bool is_idle() const { return is_idle_; }
  /// It was done, and took this long.
  void given_back(base::TimePoint now, base::Duration cost, const Memory& after);

 private:
  struct Look {
    base::TimePoint when;
    base::Duration cpu;
  };
  bool is_worth_it(base::TimePoint now, const Memory& memory) const;

  std::optional<Look> last_;
  bool is_idle_ = false;
  base::TimePoint next_try_;
  Memory after_;
};

/// Gives the freed memory of this process back to the kernel. Make it before there are threads.
class HeapTrimmer {
 public:
  /// `ask_threads`: has each thread that allocates free what it keeps for later, and then call
  /// cut_heap().
  explicit HeapTrimmer(std::function<void()> ask_threads);
  /// Looks, and does it if it is due. Call it every few seconds.
  void look(base::TimePoint now);

 private:
  Memory memory() const;

  std::function<void()> ask_threads_;
  FreedMemory freed_;
  // Open all the time, so that it works if the process runs out of descriptors.
  reactor::Descriptor statm_;
};

/// Gives the free end of the calling thread's heap back, if HeapTrimmer wants it.
void cut_heap();

}  // namespace heliograph::server
