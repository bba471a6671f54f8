#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <memory>
#include <vector>

#include <boost/smart_ptr/intrusive_ptr.hpp>

namespace heliograph::base {

class Block;

/// Blocks of memory that are used again. Of one capacity, the block that came back last goes out
/// first: it is the most likely to be still in the processor's cache. For one thread only; outlives
/// its blocks.
class BlockPool {
 public:
  static constexpr std::size_t kBlockBytes = 16UL * 1024;          // larger ones are not used again
  static constexpr std::size_t kMaxFreeBytes = 4UL * 1024 * 1024;  // beyond: back to the heap

  BlockPool() = default;
  BlockPool(const BlockPool&) = delete;
  BlockPool& operator=(const BlockPool&) = delete;
  ~BlockPool();

  /// A block of at least that capacity, uninitialised.
  boost::intrusive_ptr<Block> take(std::size_t bytes);
  std::size_t free_bytes() const { return free_bytes_; }
  /// Gives unused blocks back to the heap.
  void clear();

 private:
  friend void intrusive_ptr_release(Block* block);
  void give_back(Block* block);

  // By their capacities, which are powers of two.
  std::array<std::vector<Block*>, std::bit_width(kBlockBytes)> free_;
  std::size_t free_bytes_ = 0;
};

/// Memory that several may hold at a time, and that goes back to its pool when nobody holds it any
/// more. For one thread only.
class Block {
 public:
  char* bytes() const { return bytes_.get(); }
  std::size_t capacity() const { return capacity_; }

 private:
  friend class BlockPool;
  friend void intrusive_ptr_add_ref(Block* block) { ++block->holders_; }
  friend void intrusive_ptr_release(Block* block);

  Block(std::size_t capacity, BlockPool& pool)
      : pool_(pool), bytes_(new char[capacity]), capacity_(capacity) {}

  // Not in front of the bytes: what is looked at often would lie a block apart from the next.
  BlockPool& pool_;
  std::unique_ptr<char[]> bytes_;
  std::size_t capacity_;
  std::size_t holders_ = 0;
};

using BlockRef = boost::intrusive_ptr<Block>;

}  // namespace heliograph::base
