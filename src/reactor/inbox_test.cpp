#include "reactor/inbox.hpp"

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace heliograph::reactor {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Inbox, WakesItsOwnerOnceForAllThatComesUntilItLooks) {
  Inbox<int> inbox;
  EXPECT_TRUE(inbox.push(1, 10));
  EXPECT_FALSE(inbox.push(2, 20));
  std::vector<int> items;
  inbox.take(items);
  EXPECT_THAT(items, ElementsAre(1, 2));
  EXPECT_TRUE(inbox.push(3, 30));
  items.clear();
  inbox.take(items);
  EXPECT_THAT(items, ElementsAre(3));
  items.clear();
  inbox.take(items);
  EXPECT_THAT(items, IsEmpty());
}

TEST(Inbox, TellsHowMuchWaits) {
  Inbox<int> inbox;
  EXPECT_EQ(inbox.bytes(), 0U);
  inbox.push(1, 10);
  inbox.push(2, 20);
  EXPECT_EQ(inbox.bytes(), 30U);
  std::vector<int> items;
  inbox.take(items);
  EXPECT_EQ(inbox.bytes(), 0U);
}

TEST(Inbox, HoldsWhatCannotBeCopied) {
  Inbox<std::unique_ptr<int>> inbox;
  inbox.push(std::make_unique<int>(7), 4);
  std::vector<std::unique_ptr<int>> items;
  inbox.take(items);
  ASSERT_EQ(items.size(), 1U);
  EXPECT_EQ(*items[0], 7);
}

// The owner looks only when it was woken, and still gets everything, each sender's in order.
TEST(Inbox, LosesNothingBetweenThreads) {
  constexpr int kSenders = 3;
  constexpr int kItems = 5'000;
  struct Item {
    int sender;
    int number;
  };
  Inbox<Item> inbox;
  std::atomic<int> wakes = 0;
  std::vector<std::jthread> senders;
  senders.reserve(kSenders);
  for (int sender = 0; sender < kSenders; ++sender) {
    senders.emplace_back([&, sender] {
      for (int number = 0; number < kItems; ++number) {
        if (!inbox.push({sender, number}, sizeof(int))) continue;
        ++wakes;
        wakes.notify_one();
      }
    });
  }
  std::vector<int> next(kSenders, 0);
  std::vector<Item> items;
  int left = kSenders * kItems;
  for (int seen = 0; left > 0; ++seen) {
    wakes.wait(seen);
    inbox.take(items);
    for (const Item& item : items) {
      ASSERT_EQ(item.number, next[static_cast<std::size_t>(item.sender)]++);
      --left;
    }
    items.clear();
  }
}

}  // namespace
}  // namespace heliograph::reactor
