#include "engineio/poll_queue.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engineio/payload.hpp"

namespace heliograph::engineio {
namespace {

std::vector<std::string> packets_of(std::string_view payload) {
  std::vector<std::string> packets;
  PayloadReader reader(payload);
  while (const auto packet = reader.next()) {
    packets.push_back((packet->binary ? "b" : "") + std::string(packet->data));
  }
  EXPECT_FALSE(reader.failed()) << payload;
  return packets;
}

void fill(PollQueue& queue, int first, int last) {
  for (int i = first; i <= last; ++i) {
    if (i % 3 == 0) {
      queue.append_binary(std::to_string(i));
    } else {
      queue.append(PacketType::kMessage, std::to_string(i));
    }
  }
}

std::string named(int i) { return (i % 3 == 0 ? "b" : "") + std::to_string(i); }

TEST(PollQueue, OneAnswerTakesSixteenPacketsAndTheNextOneTheRest) {
  for (const int count : {1, 15, 16, 17, 32, 33, 200}) {
    PollQueue queue;
    fill(queue, 1, count);
    std::vector<std::string> taken;
    while (!queue.empty()) {
      const bool fits = queue.fits();
      const std::vector<std::string> packets = packets_of(queue.take());
      EXPECT_LE(packets.size(), PollQueue::kMaxPackets);
      EXPECT_EQ(queue.empty(), fits);
      taken.insert(taken.end(), packets.begin(), packets.end());
    }
    ASSERT_EQ(taken.size(), static_cast<std::size_t>(count));
    for (int i = 1; i <= count; ++i) EXPECT_EQ(taken[static_cast<std::size_t>(i - 1)], named(i));
  }
}

TEST(PollQueue, KeepsTheOrderWhileItIsFilledAndTakenFrom) {
  PollQueue queue;
  std::vector<std::string> taken;
  for (int round = 0; round < 20; ++round) {
    fill(queue, round * 20, round * 20 + 19);
    const std::vector<std::string> packets = packets_of(queue.take());
    taken.insert(taken.end(), packets.begin(), packets.end());
  }
  const std::vector<std::string> rest = packets_of(queue.take_all());
  EXPECT_TRUE(queue.empty());
  taken.insert(taken.end(), rest.begin(), rest.end());
  ASSERT_EQ(taken.size(), 400U);
  for (int i = 0; i < 400; ++i) EXPECT_EQ(taken[static_cast<std::size_t>(i)], named(i));
}

TEST(PollQueue, CountsTheBytesThatWait) {
  PollQueue queue;
  EXPECT_EQ(queue.size(), 0U);
  for (int i = 0; i < 17; ++i) queue.append(PacketType::kMessage, "123456789");
  EXPECT_EQ(queue.size(), 17U * 10 + 16);
  queue.take();
  EXPECT_EQ(queue.size(), 10U);
  queue.take();
  EXPECT_EQ(queue.size(), 0U);
}

TEST(PollQueue, KnowsWhetherOneMoreFits) {
  PollQueue queue;
  EXPECT_TRUE(queue.fits(1));
  fill(queue, 1, 15);
  EXPECT_TRUE(queue.fits(1));
  fill(queue, 16, 16);
  EXPECT_FALSE(queue.fits(1));
  EXPECT_TRUE(queue.fits());
}

}  // namespace
}  // namespace heliograph::engineio
