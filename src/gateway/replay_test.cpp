#include "gateway/replay.hpp"

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace heliograph::gateway {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

void keep(Replay& replay, std::string_view event, base::BlockPool& pool,
          const signaling::SharedAttachments& attachments = {}) {
  const std::string_view type = attachments ? "5" : "2";
  replay.keep(std::array{type, event}, attachments, pool);
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
  base::BlockPool pool;
  Replay replay;
  keep(replay, "a", pool);
  keep(replay, "bb", pool, std::make_shared<const std::vector<std::string>>(1, "x"));
  replay.ping_sent();
  keep(replay, "", pool);
  EXPECT_THAT(kept(replay), ElementsAre("a", "bb+x", ""));
  replay.ping_answered();
  EXPECT_THAT(kept(replay), ElementsAre(""));
  replay.ping_sent();
  replay.ping_answered();
  EXPECT_THAT(kept(replay), IsEmpty());
  EXPECT_EQ(replay.bytes(), 0U);
  EXPECT_EQ(replay.last_number(), 3U);
}

TEST(Replay, AnAnswerConfirmsNothingThatCameAfterThePing) {
  base::BlockPool pool;
  Replay replay;
  replay.ping_sent();
  keep(replay, "a", pool);
  replay.ping_answered();
  EXPECT_THAT(kept(replay), ElementsAre("a"));
}

TEST(Replay, ResumesAfterAnyEventFromTheLastConfirmedOneOn) {
  base::BlockPool pool;
  Replay replay;
  for (const char* event : {"a", "b", "c", "d"}) keep(replay, event, pool);
  replay.ping_sent();
  replay.ping_answered();
  for (const char* event : {"e", "f"}) keep(replay, event, pool);
  EXPECT_FALSE(replay.can_resume_after(0));
  EXPECT_FALSE(replay.can_resume_after(3));
  EXPECT_TRUE(replay.can_resume_after(4));
  EXPECT_TRUE(replay.can_resume_after(6));
  EXPECT_FALSE(replay.can_resume_after(7));
  replay.resume_after(5);
  EXPECT_THAT(kept(replay), ElementsAre("f"));
}

TEST(Replay, APingOverTheOldConnectionConfirmsNothingOverTheNewOne) {
  base::BlockPool pool;
  Replay replay;
  keep(replay, "a", pool);
  keep(replay, "b", pool);
  replay.ping_sent();
  replay.resume_after(1);
  replay.ping_answered();
  EXPECT_THAT(kept(replay), ElementsAre("b"));
}

TEST(Replay, WhatCanBeMadeAgainIsNotKept) {
  base::BlockPool pool;
  Replay replay;
  EXPECT_TRUE(replay.skip());
  EXPECT_EQ(replay.bytes(), 0U);
  keep(replay, "b", pool);
  EXPECT_TRUE(replay.can_resume_after(0));
  EXPECT_TRUE(replay.is_skipped_after(0));
  EXPECT_FALSE(replay.is_skipped_after(1));
  EXPECT_FALSE(replay.skip());
  EXPECT_THAT(kept(replay), ElementsAre("b"));
}

TEST(Replay, ASkippedEventHidesNoneThatIsForgotten) {
  base::BlockPool pool;
  Replay replay;
  keep(replay, "a", pool);
  replay.ping_sent();
  replay.ping_answered();
  EXPECT_TRUE(replay.skip());
  EXPECT_FALSE(replay.can_resume_after(0));
  EXPECT_TRUE(replay.can_resume_after(1));
  keep(replay, "c", pool);
  replay.ping_sent();
  replay.ping_answered();
  EXPECT_FALSE(replay.can_resume_after(1));
  EXPECT_TRUE(replay.can_resume_after(3));
}

TEST(Replay, DroppedEventsAreMissed) {
  base::BlockPool pool;
  Replay replay;
  EXPECT_TRUE(replay.skip());
  keep(replay, "b", pool);
  replay.drop();
  EXPECT_EQ(replay.bytes(), 0U);
  EXPECT_FALSE(replay.can_resume_after(0));
  EXPECT_FALSE(replay.can_resume_after(1));
  EXPECT_TRUE(replay.can_resume_after(2));
}

TEST(Replay, KeepsManyEventsOfManySizesInOrder) {
  base::BlockPool pool;
  Replay replay;
  std::vector<std::string> expected;
  for (std::size_t i = 1; i <= 300; ++i) {
    const std::string event(i * 37 % 5'000, static_cast<char>('a' + i % 26));
    keep(replay, event, pool);
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
