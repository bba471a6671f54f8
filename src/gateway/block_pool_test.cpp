#include "gateway/block_pool.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace heliograph::gateway {
namespace {

TEST(BlockPool, HandsOutFirstWhatCameBackLast) {
  BlockPool pool;
  BlockPool::Block first = pool.take(BlockPool::kBlockBytes);
  BlockPool::Block second = pool.take(BlockPool::kBlockBytes);
  const char* const at = second.get();
  first.reset();
  second.reset();
  EXPECT_EQ(pool.free_blocks(), 2U);
  EXPECT_EQ(pool.take(BlockPool::kBlockBytes).get(), at);
}

TEST(BlockPool, KeepsNoBlockOfAnotherSize) {
  BlockPool pool;
  pool.take(512).reset();
  pool.take(BlockPool::kBlockBytes + 1).reset();
  EXPECT_EQ(pool.free_blocks(), 0U);
}

TEST(BlockPool, KeepsNoMoreThanItsBound) {
  BlockPool pool;
  constexpr std::size_t kBlocks = BlockPool::kMaxFreeBlocks + 5;
  std::vector<BlockPool::Block> blocks;
  blocks.reserve(kBlocks);
  for (std::size_t i = 0; i < kBlocks; ++i) {
    blocks.push_back(pool.take(BlockPool::kBlockBytes));
  }
  blocks.clear();
  EXPECT_EQ(pool.free_blocks(), BlockPool::kMaxFreeBlocks);
}

}  // namespace
}  // namespace heliograph::gateway
