// Strangers at the door of a client that is behind: they cannot fill its connection.
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/testing/test_client.hpp"

namespace heliograph::gateway::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

constexpr std::size_t kMuch = 100'000;

class SlowOwnerTest : public ::testing::Test {
 protected:
  SlowOwnerTest() {
    settings_.app_secret = auth::Secrets(kSecret);
    hub_ = std::make_unique<Hub>(settings_, WorkerLink{});
    owner_ = std::make_unique<TestClient>(*hub_, now_, TestClient::SignedIn{});
    candidate_ = std::make_unique<TestClient>(*hub_, now_, TestClient::SignedIn{});
    owner_->emit("room-create-request", R"(,"room":"r")");
    owner_->heard();
  }

  static void knock(TestClient& candidate, int payload) {
    candidate.emit("room-join-request", fmt::format(R"(,"room":"r","payload":{})", payload));
  }
  void pass(std::chrono::milliseconds time) {
    now_.steady += time;
    now_.real += time;
    hub_->elapse(now_);
  }
  static auto request(int payload) {
    return ::testing::AllOf(StartsWith(R"(2["room-join-request")"),
                            HasSubstr(fmt::format(R"("payload":{})", payload)));
  }

  base::Now now_{base::TimePoint(std::chrono::hours(1000)), 1'700'000'000};
  HubSettings settings_;
  std::unique_ptr<Hub> hub_;
  std::unique_ptr<TestClient> owner_;
  std::unique_ptr<TestClient> candidate_;
};

TEST_F(SlowOwnerTest, HearsOfStrangersWhenItHasReadWhatCameBefore) {
  owner_->set_unsent(kMuch);
  knock(*candidate_, 1);
  pass(std::chrono::seconds(3));
  knock(*candidate_, 2);
  pass(std::chrono::seconds(3));
  EXPECT_THAT(owner_->heard(), IsEmpty());
  owner_->set_unsent(0);
  pass(std::chrono::seconds(1));
  EXPECT_THAT(owner_->heard(), ElementsAre(request(2)));
}

TEST_F(SlowOwnerTest, HearsNothingOfThoseWhoCameAndWent) {
  owner_->set_unsent(kMuch);
  for (int i = 0; i < 50; ++i) {
    TestClient passer_by(*hub_, now_, TestClient::SignedIn{});
    knock(passer_by, i);
    passer_by.leave();
  }
  owner_->set_unsent(0);
  pass(std::chrono::seconds(1));
  EXPECT_THAT(owner_->heard(), IsEmpty());
}

TEST_F(SlowOwnerTest, HearsAllElseAtOnce) {
  TestClient member(*hub_, now_, TestClient::SignedIn{});
  knock(member, 1);
  owner_->emit("room-join-accept", R"(,"room":"r","to":")" + member.id() + "\"");
  owner_->heard();
  owner_->set_unsent(kMuch);
  knock(*candidate_, 1);
  member.leave();
  EXPECT_THAT(owner_->heard(), ElementsAre(StartsWith(R"(2["room-user-leave")")));
}

TEST_F(SlowOwnerTest, HearsWhenItReturnsOfThoseWhoStillKnock) {
  TestClient passer_by(*hub_, now_, TestClient::SignedIn{});
  owner_->leave(CloseReason::kTransportLost);
  knock(*candidate_, 1);
  knock(passer_by, 2);
  passer_by.leave();
  pass(std::chrono::seconds(3));
  knock(*candidate_, 3);
  TestClient back(*hub_, now_);
  back.connect(fmt::format(R"(,"recovery":true,"pid":"{}")", owner_->pid()));
  back.heard();
  pass(std::chrono::seconds(1));
  EXPECT_THAT(back.heard(), ElementsAre(request(3)));
}

TEST_F(SlowOwnerTest, HearsNothingMoreOfRoomsThatItHasLeft) {
  owner_->emit("room-create-request", R"(,"room":"other")");
  owner_->heard();
  owner_->set_unsent(kMuch);
  candidate_->emit("room-join-request", R"(,"room":"other","payload":1)");
  knock(*candidate_, 2);
  owner_->emit("room-leave-request", R"(,"room":"other")");
  owner_->heard();
  owner_->set_unsent(0);
  pass(std::chrono::seconds(1));
  EXPECT_THAT(owner_->heard(), ElementsAre(request(2)));
}

TEST_F(SlowOwnerTest, HearsNothingMoreAfterItHasDisconnected) {
  owner_->set_unsent(kMuch);
  knock(*candidate_, 1);
  owner_->set_unsent(0);
  owner_->say("1");
  owner_->answer_ping();
  EXPECT_THAT(owner_->heard(), IsEmpty());
}

// However large the buffers of its connection are.
TEST_F(SlowOwnerTest, IsToldNoMoreThanItConfirms) {
  std::vector<std::unique_ptr<TestClient>> crowd;
  for (int i = 0; i < 20; ++i) {
    crowd.push_back(std::make_unique<TestClient>(*hub_, now_, TestClient::SignedIn{}));
    crowd.back()->emit("room-join-request",
                       R"(,"room":"r","payload":")" + std::string(4'000, 'x') + '"');
  }
  EXPECT_LE(owner_->heard().size(), 5U);
  EXPECT_TRUE(owner_->awaits_pong());
  owner_->answer_ping();
  const std::size_t shown = owner_->heard().size();
  EXPECT_GT(shown, 0U);
  EXPECT_LE(shown, 5U);
}

TEST_F(SlowOwnerTest, HeldRequestsGoFirstIfMemoryIsShort) {
  owner_->set_unsent(kMuch);
  for (int i = 0; i < 3; ++i) pass(std::chrono::seconds(1));
  candidate_->emit("room-join-request",
                   R"(,"room":"r","payload":")" + std::string(4'000, 'x') + '"');
  const std::size_t before = hub_->held_bytes();
  hub_->free_memory(1, now_);
  EXPECT_LT(hub_->held_bytes(), before - 4'000);
  EXPECT_EQ(owner_->closed(), std::nullopt);
  EXPECT_EQ(candidate_->closed(), std::nullopt);
}

TEST_F(SlowOwnerTest, IsNotTheOneWhoGoesIfMemoryIsShort) {
  owner_->set_unsent(kMuch);
  const std::size_t before = hub_->held_bytes();
  candidate_->emit("room-join-request",
                   R"(,"room":"r","payload":")" + std::string(4'000, 'x') + '"');
  EXPECT_GT(hub_->held_bytes(), before + 8'000);  // for the room's home and the owner
  hub_->free_memory(1, now_);
  EXPECT_EQ(owner_->closed(), std::nullopt);
}

}  // namespace
}  // namespace heliograph::gateway::testing
