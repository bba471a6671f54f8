#include "gateway/knocks.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace heliograph::gateway {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using News = signaling::Stranger::News;

Knocks::Held knock(std::uint64_t stranger, News news, std::string event) {
  return {.room = "north",
          .stranger = {.peer = {.home = {}, .slot = 0, .nonce = stranger}, .news = news},
          .event = std::move(event),
          .attachments = {}};
}

std::vector<std::string> events(Knocks& knocks) {
  std::vector<std::string> events;
  while (const auto held = knocks.take()) events.push_back(held->event);
  return events;
}

TEST(Knocks, ComeBackInTheirOrder) {
  std::size_t total = 0;
  Knocks knocks(total);
  knocks.hold(knock(1, News::kFirst, "one"));
  knocks.hold(knock(2, News::kFirst, "two"));
  EXPECT_GT(knocks.bytes(), 0U);
  EXPECT_EQ(total, knocks.bytes());
  EXPECT_THAT(events(knocks), ElementsAre("one", "two"));
  EXPECT_EQ(knocks.bytes(), 0U);
  EXPECT_EQ(total, 0U);
}

TEST(Knocks, OfEachStrangerTheLastIsHeld) {
  std::size_t total = 0;
  Knocks knocks(total);
  knocks.hold(knock(1, News::kAgain, "one"));
  knocks.hold(knock(1, News::kAgain, "one again"));
  EXPECT_THAT(events(knocks), ElementsAre("one again"));
  knocks.hold(knock(1, News::kAgain, "one"));
  knocks.hold(knock(1, News::kNoMore, "one has gone"));
  EXPECT_THAT(events(knocks), ElementsAre("one has gone"));
}

TEST(Knocks, WhoCameAndWentIsNotToldOf) {
  std::size_t total = 0;
  Knocks knocks(total);
  knocks.hold(knock(1, News::kFirst, "one"));
  knocks.hold(knock(1, News::kAgain, "one again"));
  knocks.hold(knock(1, News::kNoMore, "one has gone"));
  EXPECT_THAT(events(knocks), IsEmpty());
  EXPECT_EQ(knocks.bytes(), 0U);
}

TEST(Knocks, WhoWasKnownAndComesAgainAndGoesIsToldToHaveGone) {
  std::size_t total = 0;
  Knocks knocks(total);
  knocks.hold(knock(1, News::kNoMore, "one has gone"));
  knocks.hold(knock(1, News::kFirst, "one"));
  knocks.hold(knock(1, News::kNoMore, "one has gone again"));
  EXPECT_THAT(events(knocks), ElementsAre("one has gone again"));
}

TEST(Knocks, TheSameStrangerMayBeAtAnotherDoor) {
  std::size_t total = 0;
  Knocks knocks(total);
  knocks.hold(knock(1, News::kFirst, "north"));
  Knocks::Held south = knock(1, News::kFirst, "south");
  south.room = "south";
  knocks.hold(south);
  EXPECT_THAT(events(knocks), ElementsAre("north", "south"));
}

TEST(Knocks, TheOldestIsDroppedIfThereAreTooMany) {
  std::size_t total = 0;
  Knocks knocks(total);
  const std::string large(10'000, 'x');
  std::size_t dropped = 0;
  for (std::uint64_t i = 0; i < 100; ++i) {
    dropped += knocks.hold(knock(i, News::kFirst, std::to_string(i) + large));
  }
  EXPECT_GT(dropped, 0U);
  EXPECT_LE(knocks.bytes(), Knocks::kMostBytes);
  EXPECT_THAT(knocks.take()->event, testing::StartsWith(std::to_string(dropped)));
}

}  // namespace
}  // namespace heliograph::gateway
