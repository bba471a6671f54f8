#include "gateway/unfinished_event.hpp"

#include <chrono>
#include <string>
#include <utility>

#include <gtest/gtest.h>

namespace heliograph::gateway {
namespace {

using std::chrono::seconds;

TEST(UnfinishedEvent, IsCountedAndGetsMoreTimeAsItsAttachmentsCome) {
  const base::TimePoint begin(std::chrono::hours(1));
  std::size_t total = 0;
  json::Outline outline;
  const socketio::DecoderLimits limits;
  socketio::Decoder decoder;
  decoder.text(R"(52-["x",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}])", outline,
               limits);
  {
    UnfinishedEvent event(seconds(10), begin, total);
    event.keep(std::move(decoder), begin);
    EXPECT_EQ(event.deadline(), begin + seconds(10));
    const std::size_t before = total;
    EXPECT_GT(before, 0U);

    decoder = event.take_decoder();
    decoder.binary(std::string(16UL * 1024, 'x'), outline, limits);
    ASSERT_TRUE(decoder.awaits_attachments());
    event.keep(std::move(decoder), begin + seconds(5));
    EXPECT_EQ(total, before + 16UL * 1024);
    EXPECT_EQ(event.bytes(), total);
    EXPECT_GT(event.deadline(), begin + seconds(11));
  }
  EXPECT_EQ(total, 0U);
}

}  // namespace
}  // namespace heliograph::gateway
