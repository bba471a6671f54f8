#include "base/block_pool.hpp"

namespace heliograph::base {
namespace {

std::size_t index_of(std::size_t capacity) {
  return static_cast<std::size_t>(std::countr_zero(capacity));
}

}  // namespace

void intrusive_ptr_release(Block* block) {
  if (--block->holders_ == 0) block->pool_.give_back(block);
}

BlockPool::~BlockPool() { clear(); }

BlockRef BlockPool::take(std::size_t bytes) {
  if (bytes > kBlockBytes) return BlockRef(new Block(bytes, *this));
  const std::size_t capacity = std::bit_ceil(bytes);
  std::vector<Block*>& free = free_[index_of(capacity)];
  if (free.empty()) return BlockRef(new Block(capacity, *this));
  BlockRef block(free.back());
  free.pop_back();
  free_bytes_ -= capacity;
  return block;
}

void BlockPool::give_back(Block* block) {
  const std::size_t capacity = block->capacity();
  if (capacity > kBlockBytes || free_bytes_ + capacity > kMaxFreeBytes) {
    delete block;
    return;
  }
  free_[index_of(capacity)].push_back(block);
  free_bytes_ += capacity;
}

void BlockPool::clear() {
  for (std::vector<Block*>& free : free_) {
    for (Block* const block : free) delete block;
    free = {};
  }
  free_bytes_ = 0;
}

}  // namespace heliograph::base
