#pragma once

#include <cstddef>
#include <memory>
#include <vector>

namespace heliograph::gateway {

/// Blocks of memory of one size, to be used again: the one that came back last goes out first, for
/// it is the likeliest to be in the processor's cache still. One thread's own; outlives its blocks.
class BlockPool {
 public:
  static constexpr std::size_t kBlockBytes = 16UL * 1024;
  static constexpr std::size_t kMaxFreeBlocks = 256;  // beyond that they go back to the heap

  struct GiveBack {
    BlockPool* pool = nullptr;  // null: to the heap
    void operator()(char* bytes) const;
  };
  using Block = std::unique_ptr<char[], GiveBack>;

  /// A block of at least `bytes` bytes, uninitialised; one of the pool's where it has that size.
  Block take(std::size_t bytes);
  std::size_t free_blocks() const { return free_.size(); }

 private:
  std::vector<std::unique_ptr<char[]>> free_;
};

}  // namespace heliograph::gateway
