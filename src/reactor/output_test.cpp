#include "reactor/output.hpp"

#include <array>
#include <string>
#include <string_view>

#include <gtest/gtest.h>
#include <sys/socket.h>

#include "reactor/descriptor.hpp"

namespace heliograph::reactor {
namespace {

// A socket that takes little at a time, and what has come out of its other end.
class OutputTest : public ::testing::Test {
 protected:
  OutputTest() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0);
    in_ = Descriptor(ends[0]);
    out_ = Descriptor(ends[1]);
    const int little = 4608;
    ::setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &little, sizeof little);
  }

  // Lends bytes as they are kept: one behind the other in a block.
  void lend(std::string_view bytes) {
    if (!block_ || block_->capacity() - end_ < bytes.size()) {
      block_ = pool_.take(BlockPool::kBlockBytes);
      end_ = 0;
    }
    char* const at = block_->bytes() + end_;
    bytes.copy(at, bytes.size());
    end_ += bytes.size();
    output_.lend({at, bytes.size()}, block_);
    expected_ += bytes;
  }
  void append(std::string_view bytes) {
    output_.appended() += bytes;
    expected_ += bytes;
  }
  bool write() { return output_.write_to(in_.get()); }
  void read() {
    std::array<char, 3'000> buffer;
    const ssize_t got = ::recv(out_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (got > 0) received_.append(buffer.data(), static_cast<std::size_t>(got));
  }
  void expect_all_to_arrive() {
    while (output_.size() > 0) {
      ASSERT_TRUE(write());
      read();
    }
    while (received_.size() < expected_.size()) {
      const std::size_t before = received_.size();
      read();
      ASSERT_GT(received_.size(), before);
    }
    EXPECT_EQ(received_, expected_);
  }

  using BlockPool = base::BlockPool;
  BlockPool pool_;
  Descriptor in_;
  Descriptor out_;
  base::BlockRef block_;
  std::size_t end_ = 0;
  Output output_;
  std::string expected_;
  std::string received_;
};

TEST_F(OutputTest, SendsWhatWasAppended) {
  append("one ");
  append("two");
  expect_all_to_arrive();
}

TEST_F(OutputTest, SendsWhatIsLentFromWhereItLies) {
  lend("one ");
  lend("two");
  expect_all_to_arrive();
}

TEST_F(OutputTest, KeepsTheOrderOfWhatIsAppendedAndLent) {
  append("a");
  lend("bc");
  lend("de");
  append("f");
  append("g");
  lend("h");
  append("i");
  EXPECT_EQ(output_.size(), expected_.size());
  expect_all_to_arrive();
}

TEST_F(OutputTest, GoesOnWhereTheSocketTookNoMore) {
  for (int i = 0; i < 300; ++i) {
    const std::string bytes(static_cast<std::size_t>(i * 37 % 900),
                            static_cast<char>('a' + i % 26));
    i % 3 == 0 ? append(bytes) : lend(bytes);
    ASSERT_TRUE(i % 50 != 0 || write());
  }
  expect_all_to_arrive();
}

TEST_F(OutputTest, HoldsWhatIsLentUntilItIsSent) {
  lend("still here");
  block_.reset();
  EXPECT_EQ(pool_.free_bytes(), 0U);
  expect_all_to_arrive();
  EXPECT_EQ(pool_.free_bytes(), BlockPool::kBlockBytes);
}

TEST_F(OutputTest, ForgetsWhatIsNotToBeSentAnyMore) {
  append("a");
  lend("b");
  block_.reset();
  output_ = Output();
  EXPECT_EQ(output_.size(), 0U);
  EXPECT_EQ(pool_.free_bytes(), BlockPool::kBlockBytes);
}

TEST_F(OutputTest, SaysThatTheSocketIsBroken) {
  append("a");
  out_.reset();
  EXPECT_FALSE(write());
}

// A client that reads as much as it is sent, and so is never through.
TEST_F(OutputTest, DoesNotGrowIfTheClientNeverCatchesUp) {
  for (int i = 0; i < 200; ++i) {
    append(std::string(2'000, static_cast<char>('a' + i % 26)));
    if (i % 7 == 0) lend(std::string(1'000, '-'));
  }
  for (int i = 0; i < 2'000; ++i) {
    ASSERT_TRUE(write());
    read();
    if (output_.size() < 400'000) append(std::string(2'000, static_cast<char>('a' + i % 26)));
  }
  EXPECT_LT(output_.memory(), 2'000'000U);
  expect_all_to_arrive();
}

TEST_F(OutputTest, CountsItsMemory) {
  const std::size_t empty = output_.memory();
  EXPECT_EQ(output_.count(empty), 0U);
  append(std::string(100'000, 'x'));
  lend(std::string(1'000, '-'));
  EXPECT_GE(output_.memory(), 101'000U);
  EXPECT_EQ(output_.count(output_.memory()), empty);
  EXPECT_EQ(output_.count(0), output_.memory());
}

}  // namespace
}  // namespace heliograph::reactor
