// Bytes held for clients are counted, and freed where most is held.
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/testing/test_client.hpp"

namespace heliograph::gateway::testing {
namespace {

using ::testing::Eq;

class MemoryTest : public ::testing::Test {
 protected:
  MemoryTest() {
    settings_.app_secret = kSecret;
    settings_.recovery.max_total_bytes = 60'000;
    hub_ = std::make_unique<Hub>(settings_, WorkerLink{});
  }

  std::unique_ptr<TestClient> signed_in(std::string_view peerinfo = {}) {
    return std::make_unique<TestClient>(*hub_, now_, TestClient::SignedIn{peerinfo});
  }
  // A client of this app that has begun an event of so many bytes.
  std::unique_ptr<TestClient> unfinished(std::string_view app, std::size_t bytes) {
    auto client = std::make_unique<TestClient>(*hub_, now_);
    client->say(fmt::format(R"(0{{"token":"{}"}})", auth::Tokens(kSecret).issue_app(app)));
    client->say(
        fmt::format(R"(51-["x",{{"_placeholder":true,"num":0}},"{}"])", std::string(bytes, 'x')));
    return client;
  }
  static void create_rooms(TestClient& client, int count) {
    for (int i = 0; i < count; ++i) {
      client.emit("room-create-request", fmt::format(R"(,"room":"{}/{}")", client.id(), i));
    }
    client.answer_ping();
  }
  // Whether the client is the same peer when it comes back.
  bool returns(const TestClient& before) {
    TestClient back(*hub_, now_);
    back.connect(fmt::format(R"(,"recovery":true,"pid":"{}")", before.pid()));
    const bool is_same = quoted_after(back.heard().front(), "\"sid\":\"") == before.id();
    back.leave();
    return is_same;
  }

  base::Now now_{base::TimePoint(std::chrono::hours(1000)), 1'700'000'000};
  HubSettings settings_;
  std::unique_ptr<Hub> hub_;
};

TEST_F(MemoryTest, OfAnAbsentPeerCountsItsRooms) {
  const auto client = signed_in('"' + std::string(4'000, 'x') + '"');
  const std::size_t before = hub_->held_bytes();
  create_rooms(*client, 5);
  EXPECT_GT(hub_->held_bytes(), before + 5 * 4'000);
}

TEST_F(MemoryTest, IsCountedBackWhenTheClientAndItsTicketsHaveGone) {
  const std::size_t before = hub_->held_bytes();
  const auto client = signed_in(R"("somebody")");
  create_rooms(*client, 5);
  client->emit("room-leave-request", fmt::format(R"(,"room":"{}/3")", client->id()));
  client->say(R"(51-["x",{"_placeholder":true,"num":0}])");
  EXPECT_GT(hub_->held_bytes(), before);
  client->leave();
  EXPECT_GT(hub_->held_bytes(), before);
  now_.steady += settings_.limits.ticket_lifetime;
  EXPECT_LE(hub_->deadline(), now_.steady);
  hub_->elapse(now_);
  EXPECT_EQ(hub_->held_bytes(), before);
}

TEST_F(MemoryTest, OfTicketsIsFreedBeforeAnybodyIsDisconnected) {
  const auto gone = signed_in();
  create_rooms(*gone, 5);
  gone->leave();
  const auto stays = unfinished("app", 30'000);
  const std::size_t before = hub_->held_bytes();
  hub_->free_memory(500, now_);
  EXPECT_LE(hub_->held_bytes(), before - 500);
  EXPECT_FALSE(stays->closed());
}

TEST_F(MemoryTest, OfAbsentPeersIsFreedWhereMostIsHeld) {
  const auto first = signed_in();
  const auto big = signed_in('"' + std::string(4'000, 'x') + '"');
  const auto last = signed_in();
  for (TestClient* const client : {first.get(), last.get()}) create_rooms(*client, 1);
  create_rooms(*big, 20);
  for (TestClient* const client : {first.get(), big.get(), last.get()}) {
    client->leave(CloseReason::kTransportLost);
  }
  EXPECT_EQ(hub_->deadline(), base::TimePoint{}) << "at once";
  hub_->elapse(now_);
  EXPECT_FALSE(returns(*big));
  EXPECT_TRUE(returns(*first));
  EXPECT_TRUE(returns(*last));
}

TEST_F(MemoryTest, IsFreedByEndingTheHeaviestClientOfTheHeaviestApp) {
  const auto alone = unfinished("alone", 40'000);
  const auto big = unfinished("crowd", 30'000);
  const auto small = unfinished("crowd", 20'000);
  hub_->free_memory(1'000, now_);
  EXPECT_THAT(big->closed(), Eq(CloseReason::kOverMemory));
  EXPECT_FALSE(alone->closed());
  EXPECT_FALSE(small->closed());
}

TEST_F(MemoryTest, IsFreedAtOnce) {
  const auto first = unfinished("app", 30'000);
  const auto second = unfinished("app", 30'000);
  const std::size_t before = hub_->held_bytes();
  hub_->free_memory(1'000, now_);
  EXPECT_NE(first->closed().has_value(), second->closed().has_value());
  EXPECT_LT(hub_->held_bytes(), before - 30'000);
}

}  // namespace
}  // namespace heliograph::gateway::testing
