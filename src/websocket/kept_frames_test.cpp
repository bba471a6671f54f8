#include "websocket/kept_frames.hpp"

#include <array>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace heliograph::websocket {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class KeptFramesTest : public ::testing::Test {
 protected:
  KeptFrames::Frame append(std::string_view payload) {
    return frames_.append(Opcode::kText, payload.substr(0, 1),
                          std::array{payload.substr(0, 0), payload.substr(payload.empty() ? 0 : 1)},
                          pool_);
  }
  std::vector<std::string> payloads() const {
    std::vector<std::string> payloads;
    KeptFrames::Position position = frames_.begin();
    while (position.bytes != frames_.bytes()) payloads.emplace_back(frames_.next(position));
    return payloads;
  }
  // Behind that many frames.
  KeptFrames::Position behind(std::size_t count) const {
    KeptFrames::Position position = frames_.begin();
    for (; count > 0; --count) frames_.next(position);
    return position;
  }
  base::BlockPool pool_;
  KeptFrames frames_;
};

TEST_F(KeptFramesTest, AreThoseThatAppendFrameWrites) {
  for (const std::size_t bytes : {0, 1, 125, 126, 65'535, 65'536}) {
    const std::string payload(bytes, 'x');
    std::string expected;
    append_frame(expected, Opcode::kText, payload);
    const KeptFrames::Frame frame = append(payload);
    EXPECT_EQ(frame.frame, expected);
    EXPECT_EQ(frame.payload, payload);
  }
}

TEST_F(KeptFramesTest, LieInTheBlockThatIsNamed) {
  for (const std::size_t bytes : {10, 1'000, 40'000}) {
    const KeptFrames::Frame frame = append(std::string(bytes, 'x'));
    const char* const block = frame.memory->bytes();
    EXPECT_GE(frame.frame.data(), block);
    EXPECT_LE(frame.frame.data() + frame.frame.size(), block + frame.memory->capacity());
  }
}

TEST_F(KeptFramesTest, WithoutAnyTheEndIsTheBeginning) {
  EXPECT_EQ(frames_.bytes(), 0U);
  EXPECT_EQ(frames_.end().bytes, frames_.begin().bytes);
  EXPECT_THAT(payloads(), IsEmpty());
  frames_.forget_before(frames_.end());
  EXPECT_THAT(payloads(), IsEmpty());
}

TEST_F(KeptFramesTest, OfSmallAndLargePayloadsAreWalkedInOrder) {
  std::vector<std::string> expected;
  for (std::size_t i = 0; i < 200; ++i) {
    expected.emplace_back(i * 211 % 20'000, static_cast<char>('a' + i % 26));
    append(expected.back());
  }
  EXPECT_EQ(payloads(), expected);
}

TEST_F(KeptFramesTest, WithEmptyPayloadsAreWalkedToo) {
  for (const char* payload : {"", "a", ""}) append(payload);
  EXPECT_THAT(payloads(), ElementsAre("", "a", ""));
}

TEST_F(KeptFramesTest, BehindAPositionStayWhenTheOthersAreForgotten) {
  constexpr std::size_t kFrames = 60;
  std::vector<std::string> expected;
  expected.reserve(kFrames);
  for (std::size_t i = 0; i < kFrames; ++i) expected.emplace_back(i * 97 % 1'500, 'x');
  for (std::size_t count = 0; count <= expected.size(); ++count) {
    frames_ = {};
    for (const std::string& payload : expected) append(payload);
    frames_.forget_before(behind(count));
    EXPECT_EQ(payloads(),
              std::vector<std::string>(expected.begin() + static_cast<std::ptrdiff_t>(count),
                                       expected.end()));
  }
}

TEST_F(KeptFramesTest, AreForgottenUpToTheirEndAsItWas) {
  append("a");
  const KeptFrames::Position end = frames_.end();
  append("b");
  append(std::string(5'000, 'c'));
  frames_.forget_before(end);
  EXPECT_THAT(payloads(), ElementsAre("b", std::string(5'000, 'c')));
  frames_.forget_before(frames_.end());
  EXPECT_THAT(payloads(), IsEmpty());
  EXPECT_EQ(frames_.bytes(), 0U);
  append("d");
  EXPECT_THAT(payloads(), ElementsAre("d"));
}

TEST_F(KeptFramesTest, AreForgottenUpToTheEndOfABlock) {
  append("a");
  const KeptFrames::Position end = frames_.end();
  append(std::string(1'000, 'b'));
  append("c");
  frames_.forget_before(end);
  EXPECT_THAT(payloads(), ElementsAre(std::string(1'000, 'b'), "c"));
  frames_.forget_before(behind(1));
  EXPECT_THAT(payloads(), ElementsAre("c"));
}

TEST_F(KeptFramesTest, MayFillTheirBlock) {
  const std::string payload(128UL * 1024 - kMaxHeaderBytes, 'x');
  const KeptFrames::Frame frame = append(payload);
  EXPECT_EQ(frame.frame.size(), frame.memory->capacity());
  const KeptFrames::Position full = frames_.end();
  append("next");
  EXPECT_THAT(payloads(), ElementsAre(payload, "next"));
  frames_.forget_before(full);
  EXPECT_THAT(payloads(), ElementsAre("next"));
}

TEST_F(KeptFramesTest, GiveTheirBlocksBackWhenTheyAreForgotten) {
  append(std::string(400, 'x'));
  append(std::string(1'000, 'x'));
  EXPECT_EQ(pool_.free_bytes(), 0U);
  frames_.forget_before(behind(1));
  append("a");
  frames_.forget_before(behind(1));
  EXPECT_GT(pool_.free_bytes(), 0U);
  frames_.forget_before(frames_.end());
  const std::size_t all = pool_.free_bytes();
  append(std::string(400, 'x'));
  EXPECT_LT(pool_.free_bytes(), all);
}

TEST_F(KeptFramesTest, StandAsLongAsSomebodyHoldsTheirBlock) {
  const KeptFrames::Frame frame = append("held");
  const base::BlockRef memory = frame.memory;
  const std::string_view payload = frame.payload;
  frames_ = {};
  EXPECT_EQ(pool_.free_bytes(), 0U);
  EXPECT_EQ(payload, "held");
}

}  // namespace
}  // namespace heliograph::websocket
