#pragma once

#include <cstddef>
#include <optional>

#include "base/clock.hpp"

namespace heliograph::net {

/// Decides when freed memory is given back to the kernel: when the process is idle and holds more
/// than it did after the last time. Under load it is kept, as it will be needed again.
///
/// Pure: it is told the times and the memory.
class FreedMemory {
 public:
  /// Whether to do it now. `cpu`: the CPU time that the process has used; `resident`: its memory in
  /// bytes.
  bool is_due(base::TimePoint now, base::Duration cpu, std::size_t resident);
  /// It was done.
  void given_back(std::size_t resident) { resident_after_ = resident; }

 private:
  struct Look {
    base::TimePoint when;
    base::Duration cpu;
  };
  std::optional<Look> last_;
  std::size_t resident_after_ = 0;
};

/// Looks at this process, and gives freed memory back if that is due. To be called every few
/// seconds.
void give_back_freed_memory(FreedMemory& freed, base::TimePoint now);

}  // namespace heliograph::net
