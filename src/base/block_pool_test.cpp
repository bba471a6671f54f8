#include "base/block_pool.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace heliograph::base {
namespace {

TEST(BlockPool, HandsOutFirstWhatCameBackLast) {
  BlockPool pool;
  BlockRef first = pool.take(BlockPool::kBlockBytes);
  BlockRef second = pool.take(BlockPool::kBlockBytes);
  const char* const at = second->bytes();
  first.reset();
  second.reset();
  EXPECT_EQ(pool.free_bytes(), 2 * BlockPool::kBlockBytes);
  EXPECT_EQ(pool.take(BlockPool::kBlockBytes)->bytes(), at);
}

TEST(BlockPool, ABlockComesBackWhenNobodyHoldsIt) {
  BlockPool pool;
  BlockRef first = pool.take(BlockPool::kBlockBytes);
  BlockRef other = first;
  first.reset();
  EXPECT_EQ(pool.free_bytes(), 0U);
  other.reset();
  EXPECT_EQ(pool.free_bytes(), BlockPool::kBlockBytes);
}

TEST(BlockPool, HandsOutBlocksOfTheSizeThatIsAskedForOrSomewhatMore) {
  BlockPool pool;
  EXPECT_EQ(pool.take(512)->capacity(), 512U);
  EXPECT_EQ(pool.take(2'700)->capacity(), 4'096U);
  EXPECT_EQ(pool.free_bytes(), 512U + 4'096U);
  EXPECT_EQ(pool.take(2'049)->capacity(), 4'096U);
}

TEST(BlockPool, KeepsNoLargeBlock) {
  BlockPool pool;
  EXPECT_EQ(pool.take(BlockPool::kBlockBytes + 1)->capacity(), BlockPool::kBlockBytes + 1);
  EXPECT_EQ(pool.free_bytes(), 0U);
}

TEST(BlockPool, KeepsNoMoreThanItsBound) {
  BlockPool pool;
  constexpr std::size_t kBlocks = BlockPool::kMaxFreeBytes / BlockPool::kBlockBytes + 5;
  std::vector<BlockRef> blocks;
  blocks.reserve(kBlocks);
  for (std::size_t i = 0; i < kBlocks; ++i) blocks.push_back(pool.take(BlockPool::kBlockBytes));
  blocks.clear();
  EXPECT_EQ(pool.free_bytes(), BlockPool::kMaxFreeBytes);
  pool.clear();
  EXPECT_EQ(pool.free_bytes(), 0U);
}

}  // namespace
}  // namespace heliograph::base
