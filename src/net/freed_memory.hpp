#pragma once

#include <cstddef>
#include <optional>

#include "base/clock.hpp"
#include "net/descriptor.hpp"

namespace heliograph::net {

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
  /// It was done, and took so long.
  void given_back(base::TimePoint now, base::Duration cost, const Memory& after);

 private:
  struct Look {
    base::TimePoint when;
    base::Duration cpu;
  };
  bool is_worth_it(base::TimePoint now, const Memory& memory) const;

  std::optional<Look> last_;
  base::TimePoint next_try_;
  Memory after_;
};

/// Gives the freed memory of this process back to the kernel. Make it before there are threads.
class HeapTrimmer {
 public:
  HeapTrimmer();
  /// Looks, and does it if it is due. To be called every few seconds.
  void look(base::TimePoint now);

 private:
  Memory memory() const;

  FreedMemory freed_;
  Descriptor statm_;  // open all the time: it works if the process runs out of descriptors, too
};

}  // namespace heliograph::net
