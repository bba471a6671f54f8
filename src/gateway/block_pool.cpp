#include "gateway/block_pool.hpp"

namespace heliograph::gateway {

void intrusive_ptr_release(Block* block) {
  if (--block->holders_ == 0) block->pool_.give_back(block);
}

BlockPool::~BlockPool() {
  for (Block* const block : free_) delete block;
}

BlockRef BlockPool::take(std::size_t bytes) {
  if (bytes != kBlockBytes || free_.empty()) return BlockRef(new Block(bytes, *this));
  BlockRef block(free_.back());
  free_.pop_back();
  return block;
}

void BlockPool::give_back(Block* block) {
  if (block->capacity() == kBlockBytes && free_.size() < kMaxFreeBlocks) {
    free_.push_back(block);
  } else {
    delete block;
  }
}

}  // namespace heliograph::gateway
