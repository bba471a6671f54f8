// A client whose connection breaks comes back as the peer it was.
#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/testing/return_fixture.hpp"

namespace heliograph::gateway::testing {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

INSTANTIATE_TEST_SUITE_P(Workers, ReturnTest, ::testing::Values(1, 0));

TEST_P(ReturnTest, AsThePeerItWasAndMissesNothing) {
  lose(*ben_);
  for (const int number : {1, 2, 3}) send_to_ben(number);
  EXPECT_THAT(ada_->heard(), IsEmpty());
  const auto back = come_back();
  const auto heard = back->heard();
  ASSERT_THAT(heard, SizeIs(5));
  EXPECT_EQ(heard[0], R"(0{"sid":")" + ben_->id() + R"(","pid":")" + ben_->pid() + "\"}");
  EXPECT_THAT(heard[1], is_sign_in());
  for (int i = 1; i < 4; ++i) {
    EXPECT_THAT(heard[static_cast<std::size_t>(i + 1)],
                HasSubstr(R"("ice_candidate":)" + std::to_string(i)));
  }
  back->say(R"(21["relay-ice-candidate",{"auth":")" + ben_->token() + R"(","room":"r","to":")" +
            ada_->id() + R"(","ice_candidate":9}])");
  settle();
  EXPECT_THAT(ada_->heard(), ElementsAre(HasSubstr(R"("ice_candidate":9)")));
  EXPECT_THAT(back->heard(), ElementsAre(StartsWith(R"(31[{"ok":true)")));
}

TEST_P(ReturnTest, AndHasToFinishWhatItBegins) {
  lose(*ben_);
  const auto back = come_back();
  back->say(R"(51-["relay-message",{"_placeholder":true,"num":0}])");
  settle();
  pass(std::chrono::seconds(10));
  const bool is_guest = GetParam() != 1;
  if (is_guest) {
    EXPECT_EQ(back->closed(), CloseReason::kMessageTooSlow);
  } else {
    EXPECT_EQ(back->deadline(), now_.steady);
    EXPECT_EQ(back->overdue(), CloseReason::kMessageTooSlow);
  }
}

TEST_P(ReturnTest, IsNotReadFromWhileItsWorkerIsBehind) {
  lose(*ben_);
  const auto back = come_back();
  const std::string event = R"(2["no-such-event",")" + std::string(60'000, 'x') + R"("])";
  for (int i = 0; i < 4; ++i) back->say(event);
  EXPECT_FALSE(back->is_paused());
  back->say(event);
  const bool is_guest = GetParam() != 1;
  EXPECT_EQ(back->is_paused(), is_guest);
  settle();
  EXPECT_FALSE(back->is_paused());
}

TEST_P(ReturnTest, IsHeldToItsBudgetsWhereItComesIn) {
  lose(*ben_);
  const auto back = come_back();
  back->heard();
  const std::string event = R"(21["no-such-event",")" + std::string(60'000, 'x') + R"("])";
  const std::size_t events = settings_.limits.all_bytes.burst / event.size() + 20;
  for (std::size_t i = 0; i < events; ++i) back->say(event);
  std::size_t bytes = 0;
  for (const auto& [to, mail] : mail_) {
    if (const auto* message = std::get_if<mail::FromClient>(&mail)) bytes += message->data.size();
  }
  EXPECT_LT(bytes, settings_.limits.all_bytes.burst + 2 * event.size());
  settle();
  EXPECT_THAT(back->heard().back(), HasSubstr(R"("code":"rate-limited")"));
}

TEST_P(ReturnTest, WhatItGotBeforeTheBreakDoesNotComeTwice) {
  for (const int number : {1, 2, 3}) send_to_ben(number);
  const auto before = ben_->heard();
  lose(*ben_);
  offset_ = offset_of(before[1]);
  const auto back = come_back();
  EXPECT_THAT(back->heard(),
              ElementsAre(StartsWith("0"), is_sign_in(), HasSubstr(R"("ice_candidate":3)")));
}

TEST_P(ReturnTest, AndAgain) {
  for (int round = 0; round < 5; ++round) {
    lose(*ben_);
    send_to_ben(round);
    auto back = come_back();
    const auto heard = back->heard();
    ASSERT_THAT(heard, SizeIs(3));
    EXPECT_THAT(heard[2], HasSubstr(R"("ice_candidate":)" + std::to_string(round)));
    offset_ = offset_of(heard[2]);
    back->become(*ben_);
    ben_ = std::move(back);
    pass(std::chrono::seconds(20));
  }
  EXPECT_THAT(ada_->heard(), IsEmpty());
}

TEST_P(ReturnTest, BeforeTheServerHasFoundTheConnectionBroken) {
  send_to_ben(1);
  const auto back = come_back();
  EXPECT_THAT(back->heard(),
              ElementsAre(StartsWith("0"), is_sign_in(), HasSubstr(R"("ice_candidate":1)")));
  EXPECT_EQ(ben_->closed(), CloseReason::kResumed);
  ben_->heard();
  lose(*ben_);
  send_to_ben(2);
  EXPECT_THAT(back->heard(), ElementsAre(HasSubstr(R"("ice_candidate":2)")));
  EXPECT_THAT(ben_->heard(), IsEmpty());
  EXPECT_THAT(ada_->heard(), IsEmpty());
}

TEST_P(ReturnTest, AttachmentsAreKeptToo) {
  lose(*ben_);
  ada_->say(R"(51-["relay-message",{"auth":")" + ada_->token() +
            R"(","room":"r","data":{"_placeholder":true,"num":0}}])");
  ada_->say_binary("bytes");
  settle();
  EXPECT_THAT(come_back()->heard(), ElementsAre(StartsWith("0"), is_sign_in(),
                                                StartsWith(R"(51-["message")"), "binary bytes"));
}

TEST_P(ReturnTest, WhatABackEndEmitsIsKeptToo) {
  lose(*ben_);
  const auto emission = std::make_shared<const signaling::Emission>(
      signaling::Emission{R"(["news"])", nullptr, {ben_->id()}, {}});
  for (const auto& hub : hubs_) hub->on_mail(mail::Emitted{emission}, now_);
  const auto back = come_back();
  EXPECT_THAT(back->heard(), ::testing::Contains(StartsWith(R"(2["news",")")));
}

TEST_P(ReturnTest, OnlyWithinTheWindow) {
  lose(*ben_);
  pass(std::chrono::seconds(29));
  EXPECT_THAT(ada_->heard(), IsEmpty());
  pass(std::chrono::seconds(1));
  EXPECT_THAT(ada_->heard(), ElementsAre(StartsWith(R"(2["room-user-leave")")));
  const auto back = come_back();
  const auto heard = back->heard();
  ASSERT_THAT(heard, SizeIs(1));
  EXPECT_THAT(heard[0], Not(HasSubstr(ben_->id())));
}

TEST_P(ReturnTest, NotAfterItSaidGoodbye) {
  ben_->say("1");
  settle();
  EXPECT_THAT(ada_->heard(), ElementsAre(StartsWith(R"(2["room-user-leave")")));
  lose(*ben_);
  EXPECT_THAT(come_back()->heard(), ElementsAre(Not(HasSubstr(ben_->id()))));
}

TEST_P(ReturnTest, AGuestThatHasSaidGoodbyeIsClosedAndNotHeardAnyMore) {
  lose(*ben_);
  const auto back = come_back();
  back->heard();
  back->say("1");
  back->connect();
  settle();
  const bool is_guest = GetParam() != 1;
  EXPECT_EQ(back->closed(), is_guest ? std::optional(CloseReason::kConnectTimeout) : std::nullopt);
  EXPECT_THAT(back->heard(), SizeIs(is_guest ? 0 : 1));
}

TEST_P(ReturnTest, NotAfterItsPageWasLeft) {
  lose(*ben_, CloseReason::kPageLeft);
  EXPECT_THAT(ada_->heard(), ElementsAre(StartsWith(R"(2["room-user-leave")")));
}

TEST_P(ReturnTest, AServerThatStopsTellsNobodyThatItHasLeft) {
  lose(*ben_);
  const auto back = come_back();
  hubs_[GetParam()]->stopping();  // the other worker will be told, too, maybe later
  lose(*back, CloseReason::kGoingAway);
  EXPECT_THAT(ada_->heard(), IsEmpty());
}

TEST_P(ReturnTest, NotWithAnotherOnesName) {
  lose(*ben_);
  std::string pid = ben_->pid();
  pid.back() = pid.back() == 'A' ? 'Q' : 'A';
  EXPECT_THAT(come_back(GetParam(), pid, offset_)->heard(),
              ElementsAre(Not(HasSubstr(ben_->id()))));
  EXPECT_THAT(come_back()->heard(), ElementsAre(HasSubstr(ben_->id()), is_sign_in()));
}

TEST_P(ReturnTest, NotWithoutAnAppToken) {
  lose(*ben_);
  TestClient stranger(*hubs_[GetParam()], now_);
  stranger.say(R"(0{"recovery":true,"pid":")" + ben_->pid() + R"(","offset":")" + offset_ + "\"}");
  settle();
  EXPECT_THAT(stranger.heard(), ElementsAre(StartsWith("4")));
}

TEST_P(ReturnTest, NotWhereItHasMissedMoreThanIsKept) {
  lose(*ben_);
  const std::string large(60'000, 'x');
  for (int i = 0; i < 6; ++i) {
    emit(*ada_, "relay-message", R"(,"room":"r","data":")" + large + "\"");
  }
  pass(std::chrono::seconds(0));
  EXPECT_THAT(ada_->heard(), ElementsAre(StartsWith(R"(2["room-user-leave")")));
  EXPECT_THAT(come_back()->heard(), ElementsAre(Not(HasSubstr(ben_->id()))));
}

TEST_P(ReturnTest, WhoReadsSlowlyIsPingedAndWhatItConfirmsIsForgotten) {
  const std::string large(20'000, 'x');
  for (int i = 0; i < 40; ++i) {
    emit(*ada_, "relay-message", R"(,"room":"r","data":")" + large + "\"");
    if (ben_->awaits_pong()) ben_->answer_ping();
  }
  offset_ = offset_of(ben_->heard().back());
  lose(*ben_);
  send_to_ben(1);
  EXPECT_THAT(come_back()->heard(),
              ElementsAre(HasSubstr(ben_->id()), is_sign_in(), HasSubstr(R"("ice_candidate":1)")));
}

// Else a client would confirm an event that its connection breaks in front of.
TEST_P(ReturnTest, APingOutOfTurnComesBehindAllThatItsAnswerConfirms) {
  emit(*ada_, "relay-message", R"(,"room":"r","data":")" + std::string(20'000, 'x') + "\"");
  ASSERT_TRUE(ben_->awaits_pong());
  EXPECT_EQ(ben_->heard_before_ping(), ben_->heard().size());
}

TEST_P(ReturnTest, ASignInThatGotLostIsSaidAgain) {
  TestClient cleo(*hubs_[1], now_);
  const std::string app_token = auth::Tokens(kSecret).issue_app("test");
  cleo.connect(R"(,"recovery":true)");
  const std::string pid = quoted_after(cleo.heard().front(), "\"pid\":\"");
  cleo.say(R"(2["auth-request",{"token":")" + app_token + "\"}]");
  const std::string accepted = cleo.heard().back();
  lose(cleo);
  const auto heard = come_back(GetParam(), pid, "")->heard();
  ASSERT_THAT(heard, ElementsAre(StartsWith("0"), is_sign_in()));
  EXPECT_EQ(offset_of(heard[1]), offset_of(accepted));
}

TEST_P(ReturnTest, ARefusedReturnBecomesANewPeerOfTheWorkerThatHasTheConnection) {
  lose(*ben_);
  pass(std::chrono::seconds(30));
  for (const std::size_t worker : {0U, 1U}) {
    const auto back = come_back(worker, ben_->pid(), offset_);
    const std::string id = quoted_after(back->heard().front(), R"("sid":")");
    EXPECT_EQ(signaling::parse_peer_id(id)->home.worker, worker);
  }
}

TEST_P(ReturnTest, EventsBehindTheConnectAreCarriedOutWhetherOrNotItReturns) {
  for (const bool returns : {true, false}) {
    if (!returns) pass(std::chrono::seconds(31));
    lose(*ben_);
    TestClient back(*hubs_[GetParam()], now_);
    back.connect(returning(ben_->pid(), returns ? offset_ : "", R"("recovery":true)"));
    back.say(R"(27["no-such-event"])");
    settle();
    const auto heard = back.heard();
    EXPECT_THAT(heard.front(), StartsWith("0"));
    EXPECT_THAT(heard.back(), StartsWith("37["));
    ben_ = std::make_unique<TestClient>(*hubs_[1], now_, TestClient::SignedIn{});
  }
}

// Else what the client sends at once would be held, and too much of it would end the connection.
TEST_P(ReturnTest, IsGrantedBeforeTheClientHearsOfIt) {
  lose(*ben_);
  TestClient back(*hubs_[GetParam()], now_);
  back.connect(returning(ben_->pid(), offset_, R"("recovery":true)"));
  while (back.heard().empty()) {
    ASSERT_FALSE(mail_.empty());
    const auto [to, mail] = std::pair(mail_.front().first, std::move(mail_.front().second));
    mail_.pop_front();
    hubs_[to]->on_mail(Mail(mail), now_);
  }
  for (int i = 0; i < 20; ++i)
    back.say(R"(2["no-such-event",")" + std::string(10'000, 'x') + "\"]");
  EXPECT_EQ(back.closed(), std::nullopt);
}

TEST_P(ReturnTest, OnlyIfTheConnectAsksForRecovery) {
  lose(*ben_);
  for (const std::string_view recovery :
       {R"("recovery":false)", R"("recovery":1)", R"("recovery":"true")", R"("recovered":true)"}) {
    TestClient back(*hubs_[GetParam()], now_);
    back.connect(returning(ben_->pid(), offset_, recovery));
    settle();
    const auto heard = back.heard();
    ASSERT_THAT(heard, SizeIs(1));
    EXPECT_THAT(heard[0], Not(HasSubstr(ben_->id())));
    EXPECT_THAT(heard[0], Not(HasSubstr("pid")));
  }
}

TEST_P(ReturnTest, WithoutRecoveryEveryEndIsAGoodbyeAndEventsHaveNoOffset) {
  using enum CloseReason;
  for (const CloseReason reason : {kClosedByClient, kPageLeft, kTransportLost, kHeartbeatTimeout}) {
    TestClient dan(*hubs_[1], now_,
                   TestClient::SignedIn{.recovery = TestClient::Recovery::kNotAsked});
    EXPECT_EQ(dan.pid(), "");
    emit(dan, "room-join-request", R"(,"room":"r")");
    emit(*ada_, "room-join-accept", R"(,"room":"r","to":")" + dan.id() + "\"");
    EXPECT_THAT(dan.heard(), ElementsAre(EndsWith("}]")));
    ada_->heard();
    lose(dan, reason);
    EXPECT_THAT(ada_->heard(), ElementsAre(StartsWith(R"(2["room-user-leave")")));
  }
}

TEST_P(ReturnTest, WithoutAWindowNobodyIsAwaited) {
  ada_.reset();
  ben_.reset();
  mail_.clear();
  hubs_.clear();
  settings_.recovery.window = {};
  SetUp();
  EXPECT_EQ(ben_->pid(), "");
  send_to_ben(1);
  EXPECT_THAT(ben_->heard(), Each(::testing::EndsWith("}]")));
  lose(*ben_);
  EXPECT_THAT(ada_->heard(), ElementsAre(StartsWith(R"(2["room-user-leave")")));
}

}  // namespace
}  // namespace heliograph::gateway::testing
