#include "gateway/block_pool.hpp"

namespace heliograph::gateway {

BlockPool::Block BlockPool::take(std::size_t bytes) {
  if (bytes != kBlockBytes) return {new char[bytes], GiveBack{}};
  if (free_.empty()) return {new char[bytes], GiveBack{this}};
  Block block{free_.back().release(), GiveBack{this}};
  free_.pop_back();
  return block;
}

void BlockPool::GiveBack::operator()(char* bytes) const {
  std::unique_ptr<char[]> block(bytes);
  if (pool && pool->free_.size() < kMaxFreeBlocks) pool->free_.push_back(std::move(block));
}

}  // namespace heliograph::gateway
