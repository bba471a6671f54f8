#include "gateway/knock_watch.hpp"

#include <chrono>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace heliograph::gateway {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;

TEST(KnockWatch, LooksAtAPeerUntilItIsDone) {
  base::TimePoint now(std::chrono::hours(1));
  KnockWatch watch;
  EXPECT_EQ(watch.deadline(), base::TimePoint::max());
  watch.add({.home = {}, .slot = 1}, now);
  EXPECT_EQ(watch.deadline(), now + milliseconds(100));
  watch.add({.home = {}, .slot = 2}, now + milliseconds(50));
  EXPECT_EQ(watch.deadline(), now + milliseconds(100));

  std::vector<std::uint32_t> seen;
  const auto is_done = [&](const signaling::PeerId& peer) {
    seen.push_back(peer.slot);
    return peer.slot == 1;
  };
  watch.elapse(now + milliseconds(99), is_done);
  EXPECT_TRUE(seen.empty());
  now += milliseconds(100);
  watch.elapse(now, is_done);
  EXPECT_THAT(seen, ElementsAre(1, 2));
  EXPECT_EQ(watch.deadline(), now + milliseconds(100));
  watch.elapse(watch.deadline(), [](const signaling::PeerId&) { return true; });
  EXPECT_EQ(watch.deadline(), base::TimePoint::max());
}

}  // namespace
}  // namespace heliograph::gateway
