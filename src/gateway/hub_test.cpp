#include "gateway/hub.hpp"

#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/testing/test_client.hpp"

namespace heliograph::gateway::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::SizeIs;
using ::testing::StartsWith;

/// The hubs of a node; mail between them is carried by settle().
class HubTest : public ::testing::Test {
 protected:
  void start(std::uint16_t count) {
    settings_.app_secret = kSecret;
    settings_.recovery.window = {};
    for (std::uint16_t index = 0; index < count; ++index) {
      hubs_.push_back(std::make_unique<Hub>(
          settings_,
          WorkerLink{.index = index,
                     .count = count,
                     .post = [this](std::uint16_t to,
                                    Mail mail) { mail_.emplace_back(to, std::move(mail)); },
                     .backlog = [this](std::uint16_t /*of*/) { return backlog_; }}));
    }
  }
  std::unique_ptr<TestClient> signed_in(std::size_t worker) {
    return std::make_unique<TestClient>(*hubs_[worker], now_, TestClient::SignedIn{});
  }
  void settle() {
    for (; !mail_.empty(); mail_.pop_front()) {
      hubs_[mail_.front().first]->on_mail(std::move(mail_.front().second), now_);
    }
  }

  base::Now now_{base::TimePoint(std::chrono::hours(1000)), 1'700'000'000};
  HubSettings settings_;
  std::vector<std::unique_ptr<Hub>> hubs_;
  std::deque<std::pair<std::uint16_t, Mail>> mail_;
  std::size_t backlog_ = 0;  // of each worker
};

TEST_F(HubTest, RoomsWithoutANameGetAUuidEach) {
  start(1);
  const auto client = signed_in(0);
  client->emit("room-create-request");
  client->emit("room-create-request");
  const auto heard = client->heard();
  ASSERT_THAT(heard, SizeIs(2));
  EXPECT_THAT(
      heard[0],
      MatchesRegex(R"(2\["room-create-accept",\{"room":"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3})"
                   R"(-[89ab][0-9a-f]{3}-[0-9a-f]{12}"\}\])"));
  EXPECT_NE(heard[0], heard[1]);
}

TEST_F(HubTest, AsksNothingOfAWorkerThatIsTooFarBehind) {
  start(2);
  const auto client = signed_in(0);
  const auto create_rooms = [&] {
    std::vector<std::string> answers;
    for (const std::string room : {"a", "b", "c", "d", "e"}) {  // some live on each worker
      client->emit("room-create-request", R"(,"room":")" + room + "\"", "1");
      for (std::string& text : client->heard()) answers.push_back(std::move(text));
    }
    return answers;
  };
  backlog_ = 17UL * 1024 * 1024;
  const auto answers = create_rooms();
  EXPECT_THAT(answers, Contains(HasSubstr(R"("code":"rate-limited")")));
  EXPECT_THAT(answers, Contains(HasSubstr(R"([{"ok":true)")));
  EXPECT_THAT(mail_, IsEmpty());
  backlog_ = 0;
  create_rooms();
  EXPECT_FALSE(mail_.empty());
}

TEST_F(HubTest, PeersOfDifferentWorkersMeet) {
  start(3);
  const auto owner = signed_in(0);
  const auto guest = signed_in(1);
  for (const std::string room : {"a", "b", "c", "d", "e"}) {  // so that each worker is some's home
    owner->emit("room-create-request", R"(,"room":")" + room + "\"", "1");
    settle();
    EXPECT_THAT(owner->heard(), ElementsAre(StartsWith(R"(2["room-create-accept")"),
                                            StartsWith(R"(31[{"ok":true)")));
    guest->emit("room-join-request", R"(,"room":")" + room + "\"");
    settle();
    EXPECT_THAT(owner->heard(), ElementsAre(StartsWith(R"(2["room-join-request")")));
    owner->emit("room-join-accept", R"(,"room":")" + room + R"(","to":")" + guest->id() + "\"");
    settle();
    EXPECT_THAT(guest->heard(), ElementsAre(StartsWith(R"(2["room-join-accept")")));
    EXPECT_THAT(owner->heard(), ElementsAre(StartsWith(R"(2["room-user-join")")));
    guest->say(R"(51-["relay-session-description",{"auth":")" + guest->token() + R"(","room":")" +
               room + R"(","to":")" + owner->id() +
               R"(","session_description":{"_placeholder":true,"num":0}}])");
    guest->say_binary("sdp");
    settle();
    EXPECT_THAT(owner->heard(),
                ElementsAre(StartsWith(R"(51-["session-description")"), "binary sdp"));
  }
  guest->leave();
  settle();
  EXPECT_THAT(owner->heard(), SizeIs(5));
}

TEST_F(HubTest, WhatABackEndEmitsReachesItsClients) {
  settings_.takes_emissions = true;
  start(1);
  const auto one = signed_in(0);
  const auto two = signed_in(0);
  one->emit("room-create-request", R"(,"room":"r")");
  one->heard();
  const auto emit = [&](signaling::Emission emission) {
    hubs_[0]->on_mail(
        mail::Emitted{std::make_shared<const signaling::Emission>(std::move(emission))}, now_);
  };
  emit({R"(["news"])", nullptr, {"r"}, {}});
  EXPECT_THAT(one->heard(), ElementsAre(R"(2["news"])"));
  EXPECT_THAT(two->heard(), IsEmpty());
  const auto attachments = std::make_shared<const std::vector<std::string>>(1, "bytes");
  emit({R"(["file",{"_placeholder":true,"num":0}])", attachments, {}, {"r"}});
  EXPECT_THAT(one->heard(), IsEmpty());
  EXPECT_THAT(two->heard(),
              ElementsAre(R"(51-["file",{"_placeholder":true,"num":0}])", "binary bytes"));
}

TEST_F(HubTest, NothingReachesAClientThatHasGone) {
  start(2);
  const auto owner = signed_in(0);
  const auto guest = signed_in(1);
  owner->emit("room-create-request", R"(,"room":"r")");
  settle();
  guest->emit("room-join-request", R"(,"room":"r")", "1");
  guest->leave();
  const auto next = signed_in(1);  // in the same place
  settle();
  owner->emit("room-join-accept", R"(,"room":"r","to":")" + guest->id() + "\"", "1");
  settle();
  EXPECT_THAT(next->heard(), IsEmpty());
  EXPECT_THAT(guest->heard(), IsEmpty());
  EXPECT_THAT(owner->heard(), ::testing::Contains(HasSubstr("no-join-request")));
  EXPECT_NE(next->id(), guest->id());
}

TEST_F(HubTest, AJoinRequestThatNobodyAnswersEnds) {
  settings_.limits.join_request_timeout = std::chrono::seconds(60);
  start(1);
  EXPECT_EQ(hubs_[0]->deadline(), base::TimePoint::max());
  const auto owner = signed_in(0);
  const auto guest = signed_in(0);
  owner->emit("room-create-request", R"(,"room":"r")");
  guest->emit("room-join-request", R"(,"room":"r")");
  EXPECT_EQ(hubs_[0]->deadline(), now_.steady + std::chrono::seconds(60));
  now_.steady = hubs_[0]->deadline();
  hubs_[0]->elapse(now_);
  EXPECT_THAT(guest->heard(), ElementsAre(StartsWith(R"(2["room-join-reject")")));
  EXPECT_EQ(hubs_[0]->deadline(), base::TimePoint::max());
}

TEST_F(HubTest, AServerThatStopsTellsNobodyThatTheOthersHaveLeft) {
  start(2);
  const auto owner = signed_in(0);
  const auto guest = signed_in(1);
  owner->emit("room-create-request", R"(,"room":"r")");
  settle();
  guest->emit("room-join-request", R"(,"room":"r")");
  settle();
  owner->emit("room-join-accept", R"(,"room":"r","to":")" + guest->id() + "\"");
  settle();
  guest->heard();
  hubs_[0]->stopping();
  owner->leave(CloseReason::kGoingAway);
  settle();
  EXPECT_THAT(guest->heard(), IsEmpty());
}

}  // namespace
}  // namespace heliograph::gateway::testing
