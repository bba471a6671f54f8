#include "gateway/replay.hpp"

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace heliograph::gateway {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

void keep(Replay& replay, std::string_view event, ReplayMemory& memory,
          const signaling::SharedAttachments& attachments = {}) {
  const std::string_view type = attachments ? "5" : "2";
  replay.keep(std::array{type, event}, attachments, memory);
}

std::vector<std::string> kept(const Replay& replay) {
  std::vector<std::string> events;
  replay.each([&](std::string_view event, const signaling::SharedAttachments& attachments) {
    EXPECT_EQ(event.front(), attachments ? '5' : '2');
    events.push_back(std::string(event.substr(1)) +
                     (attachments ? "+" + attachments->front() : ""));
  });
  return events;
}

TEST(Replay, KeepsWhatIsNotConfirmed) {
  ReplayMemory memory;
  Replay replay;
  keep(replay, "a", memory);
  keep(replay, "bb", memory, std::make_shared<const std::vector<std::string>>(1, "x"));
  replay.ping_sent();
  keep(replay, "", memory);
  EXPECT_THAT(kept(replay), ElementsAre("a", "bb+x", ""));
  replay.ping_answered();
  EXPECT_THAT(kept(replay), ElementsAre(""));
  replay.ping_sent();
  replay.ping_answered();
  EXPECT_THAT(kept(replay), IsEmpty());
  EXPECT_EQ(replay.bytes(), 0U);
  EXPECT_EQ(replay.last_number(), 3U);
}

TEST(Replay, CountsWhatIsKeptInTheTotal) {
  ReplayMemory memory;
  Replay one;
  keep(one, "a", memory);
  keep(one, "bb", memory, std::make_shared<const std::vector<std::string>>(1, "x"));
  {
    Replay two;
    keep(two, "c", memory);
    EXPECT_EQ(memory.bytes, one.bytes() + two.bytes());
    Replay moved = std::exchange(two, {});
    EXPECT_EQ(memory.bytes, one.bytes() + moved.bytes());
  }
  EXPECT_EQ(memory.bytes, one.bytes());
  one.resume_after(1);
  EXPECT_EQ(memory.bytes, one.bytes());
  one.drop();
  EXPECT_EQ(memory.bytes, 0U);
}

TEST(Replay, AnAnswerConfirmsNothingThatCameAfterThePing) {
  ReplayMemory memory;
  Replay replay;
  replay.ping_sent();
  keep(replay, "a", memory);
  replay.ping_answered();
  EXPECT_THAT(kept(replay), ElementsAre("a"));
}

TEST(Replay, ResumesAfterAnyEventFromTheLastConfirmedOneOn) {
  ReplayMemory memory;
  Replay replay;
  for (const char* event : {"a", "b", "c", "d"}) keep(replay, event, memory);
  replay.ping_sent();
  replay.ping_answered();
  for (const char* event : {"e", "f"}) keep(replay, event, memory);
  EXPECT_FALSE(replay.can_resume_after(0));
  EXPECT_FALSE(replay.can_resume_after(3));
  EXPECT_TRUE(replay.can_resume_after(4));
  EXPECT_TRUE(replay.can_resume_after(6));
  EXPECT_FALSE(replay.can_resume_after(7));
  replay.resume_after(5);
  EXPECT_THAT(kept(replay), ElementsAre("f"));
}

TEST(Replay, APingOverTheOldConnectionConfirmsNothingOverTheNewOne) {
  ReplayMemory memory;
  Replay replay;
  keep(replay, "a", memory);
  keep(replay, "b", memory);
  replay.ping_sent();
  replay.resume_after(1);
  replay.ping_answered();
  EXPECT_THAT(kept(replay), ElementsAre("b"));
}

TEST(Replay, WhatCanBeMadeAgainIsNotKept) {
  ReplayMemory memory;
  Replay replay;
  EXPECT_TRUE(replay.skip());
  EXPECT_EQ(replay.bytes(), 0U);
  keep(replay, "b", memory);
  EXPECT_TRUE(replay.can_resume_after(0));
  EXPECT_TRUE(replay.is_skipped_after(0));
  EXPECT_FALSE(replay.is_skipped_after(1));
  EXPECT_FALSE(replay.skip());
  EXPECT_THAT(kept(replay), ElementsAre("b"));
}

TEST(Replay, ASkippedEventHidesNoneThatIsForgotten) {
  ReplayMemory memory;
  Replay replay;
  keep(replay, "a", memory);
  replay.ping_sent();
  replay.ping_answered();
  EXPECT_TRUE(replay.skip());
  EXPECT_FALSE(replay.can_resume_after(0));
  EXPECT_TRUE(replay.can_resume_after(1));
  keep(replay, "c", memory);
  replay.ping_sent();
  replay.ping_answered();
  EXPECT_FALSE(replay.can_resume_after(1));
  EXPECT_TRUE(replay.can_resume_after(3));
}

TEST(Replay, DroppedEventsAreMissed) {
  ReplayMemory memory;
  Replay replay;
  EXPECT_TRUE(replay.skip());
  keep(replay, "b", memory);
  replay.drop();
  EXPECT_EQ(replay.bytes(), 0U);
  EXPECT_FALSE(replay.can_resume_after(0));
  EXPECT_FALSE(replay.can_resume_after(1));
  EXPECT_TRUE(replay.can_resume_after(2));
}

TEST(Replay, KeepsManyEventsOfManySizesInOrder) {
  ReplayMemory memory;
  Replay replay;
  std::vector<std::string> expected;
  for (std::size_t i = 1; i <= 300; ++i) {
    const std::string event(i * 37 % 5'000, static_cast<char>('a' + i % 26));
    keep(replay, event, memory);
    expected.push_back(event);
    if (i % 100 == 0) {
      replay.resume_after(i - 50);
      expected.erase(expected.begin(), expected.end() - 50);
      EXPECT_EQ(kept(replay), expected);
    }
  }
  replay.ping_sent();
  replay.ping_answered();
  EXPECT_EQ(replay.bytes(), 0U);
}

}  // namespace
}  // namespace heliograph::gateway
