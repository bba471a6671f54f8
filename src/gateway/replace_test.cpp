// `auth-request {replaces}`: docs/protocol.md, "When a connection breaks".
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/testing/return_fixture.hpp"

namespace heliograph::gateway::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

// Ada has a room, and Ben is in it.
class ReplaceTest : public ReturnTest {
 protected:
  // Somebody connects to the worker of the test, and is not signed in yet.
  std::unique_ptr<TestClient> connected() {
    auto client = std::make_unique<TestClient>(*hubs_[GetParam()], now_);
    client->connect();
    id_ = quoted_after(client->heard().at(0), "\"sid\":\"");
    return client;
  }
  static std::string auth_request(std::string_view replaces, std::string_view app = "test") {
    return fmt::format(R"(27["auth-request",{{"token":"{}","replaces":"{}","payload":4}}])",
                       auth::Tokens(kSecret).issue_app(app), replaces);
  }
  static auto accepts() {
    return ::testing::ElementsAre(StartsWith(R"(2["auth-accept",)"),
                                  StartsWith(R"(37[{"ok":true,"token":")"));
  }
  std::string left() const { return R"(2["room-user-leave",{"room":"r","peer_id":")" + ben_->id(); }

  std::string id_;
};

// From another worker than Ben's.
class FarReplaceTest : public ReplaceTest {};

TEST_P(ReplaceTest, AnswersAfterThePeerHasLeftItsRooms) {
  const auto client = connected();
  client->say(auth_request(ben_->token()));
  settle();
  EXPECT_THAT(client->heard(), accepts());
  EXPECT_THAT(ada_->heard(), Contains(StartsWith(left())));
  EXPECT_EQ(ben_->closed(), CloseReason::kReplaced);
}

TEST_P(ReplaceTest, TakesOutOneWithoutAConnection) {
  lose(*ben_);
  const auto client = connected();
  client->say(auth_request(ben_->token()));
  settle();
  EXPECT_THAT(client->heard(), accepts());
  EXPECT_THAT(ada_->heard(), Contains(StartsWith(left())));
  ada_->heard();
  pass(1h);
  EXPECT_THAT(ada_->heard(), IsEmpty());
}

TEST_P(ReplaceTest, AnswersAtOnceIfThePeerHasGone) {
  const std::string token = ben_->token();
  lose(*ben_, CloseReason::kPageLeft);
  ben_->heard();
  ada_->heard();
  const auto client = connected();
  client->say(auth_request(token));
  settle();
  EXPECT_THAT(client->heard(), accepts());
  EXPECT_THAT(ada_->heard(), IsEmpty());
}

TEST_P(ReplaceTest, TakesATokenThatHasExpired) {
  const std::string expired = auth::Tokens(kSecret).issue_session("test", ben_->id(), 1);
  const auto client = connected();
  client->say(auth_request(expired));
  settle();
  EXPECT_THAT(client->heard(), accepts());
  EXPECT_EQ(ben_->closed(), CloseReason::kReplaced);
}

TEST_P(ReplaceTest, IgnoresWhatIsNoSessionTokenOfTheApp) {
  const std::string app_token = auth::Tokens(kSecret).issue_app("test");
  const std::string foreign = auth::Tokens(kSecret).issue_session("other", ben_->id(), 1);
  const std::string forged = auth::Tokens("another secret of at least thirty-two bytes")
                                 .issue_session("test", ben_->id(), 2'000'000'000);
  const std::string nobody = auth::Tokens(kSecret).issue_session("test", "nobody", 1);
  for (const std::string& token : {app_token, foreign, forged, nobody, std::string()}) {
    const auto client = connected();
    client->say(auth_request(token));
    EXPECT_THAT(client->heard(), accepts()) << token;
    settle();
  }
  EXPECT_FALSE(ben_->closed());
  EXPECT_THAT(ada_->heard(), Not(Contains(HasSubstr("room-user-leave"))));
}

TEST_P(ReplaceTest, NobodyReplacesItself) {
  ada_->say(auth_request(ada_->token()));
  settle();
  EXPECT_THAT(ada_->heard(), Contains(StartsWith(R"(2["auth-accept",)")));
  EXPECT_FALSE(ada_->closed());
}

TEST_P(FarReplaceTest, NothingIsServedBeforeTheAnswer) {
  const auto client = connected();
  client->say(auth_request(ben_->token()));
  EXPECT_THAT(client->heard(), IsEmpty());
  client->emit("room-create-request", R"(,"room":"s")", "9");
  EXPECT_THAT(client->heard(), Contains(HasSubstr("unauthorized")));
  settle();
  EXPECT_THAT(client->heard(), Contains(StartsWith(R"(2["auth-accept",)")));
}

TEST_P(FarReplaceTest, WaitsTwoSecondsAtMost) {
  const auto client = connected();
  client->say(auth_request(ben_->token()));
  mail_.clear();  // the other worker does not answer
  EXPECT_EQ(hubs_[0]->deadline(), now_.steady + 2s);
  EXPECT_GT(hubs_[0]->held_bytes(), 0U);
  now_.steady += 2s;
  hubs_[0]->elapse(now_);
  EXPECT_THAT(client->heard(), accepts());
  EXPECT_THAT(ada_->heard(), Not(Contains(HasSubstr("room-user-leave"))));
}

TEST_P(ReplaceTest, ASecondRequestIsAnsweredBehindTheFirst) {
  const auto client = connected();
  client->say(auth_request(ben_->token()));
  client->say(auth_request(""));
  settle();
  const std::vector<std::string> heard = client->heard();
  ASSERT_EQ(heard.size(), 4U);
  EXPECT_THAT(heard[0], StartsWith(R"(2["auth-accept",)"));
  EXPECT_THAT(heard[2], StartsWith(R"(2["auth-accept",)"));
}

TEST_P(FarReplaceTest, AClientThatHasGoneIsNotAnswered) {
  const auto client = connected();
  client->say(auth_request(ben_->token()));
  client->say("1");
  settle();
  pass(1h);
  EXPECT_EQ(ben_->closed(), CloseReason::kReplaced);
  EXPECT_THAT(client->heard(), IsEmpty());
}

TEST_P(FarReplaceTest, TheSameRequestAgainWaitsWithTheFirst) {
  const auto client = connected();
  client->say(auth_request(ben_->token()));
  client->say(auth_request(ben_->token()));
  EXPECT_THAT(client->heard(), IsEmpty());
  settle();
  EXPECT_EQ(client->heard().size(), 4U);
}

TEST_P(FarReplaceTest, ARequestThatIsRefusedIsAnsweredBehindOneThatWaits) {
  const auto client = connected();
  client->say(auth_request(ben_->token()));
  client->say(R"(2["auth-request",{"token":"nonsense"}])");
  const std::vector<std::string> heard = client->heard();
  ASSERT_EQ(heard.size(), 3U);
  EXPECT_THAT(heard[0], StartsWith(R"(2["auth-accept",)"));
  EXPECT_THAT(heard[2], StartsWith(R"(2["auth-reject",)"));
}

// It loses its connection while it waits, and comes back as the same peer.
TEST_P(FarReplaceTest, AClientThatReturnsMeanwhileHasItsAnswer) {
  ada_->say(auth_request(ben_->token()));
  const std::string offset;
  lose(*ada_);
  TestClient again(*hubs_[0], now_);
  again.connect(returning(ada_->pid(), offset, R"("recovery":true)"));
  settle();
  EXPECT_THAT(again.heard(), Contains(HasSubstr(R"("payload":4)")));
}

// The answer comes in the turn in which its connection breaks.
TEST_P(FarReplaceTest, AClientWhoseConnectionIsAboutToEndHasItsAnswerWhenItReturns) {
  ada_->say(auth_request(ben_->token()));
  ada_->close(CloseReason::kTransportLost);
  settle();
  lose(*ada_);
  TestClient again(*hubs_[0], now_);
  again.connect(returning(ada_->pid(), "", R"("recovery":true)"));
  settle();
  EXPECT_THAT(again.heard(), Contains(HasSubstr(R"("payload":4)")));
}

// Its app token is about to expire, and its connection is on another worker than its peer.
TEST_P(FarReplaceTest, AGuestIsNotCutOffWhenItsFirstAppTokenExpires) {
  lose(*ada_);
  TestClient guest(*hubs_[1], now_);
  const std::string token = auth::Tokens(kSecret).issue_app("test", now_.unix_seconds + 60);
  guest.say(R"(0{"token":")" + token + '"' + returning(ada_->pid(), "", R"("recovery":true)") +
            "}");
  settle();
  guest.say(auth_request(ben_->token()));
  settle();
  EXPECT_THAT(guest.heard(), Contains(HasSubstr(R"("payload":4)")));
  pass(62s);
  EXPECT_FALSE(guest.closed());
}

INSTANTIATE_TEST_SUITE_P(Workers, ReplaceTest, ::testing::Values(0, 1));
INSTANTIATE_TEST_SUITE_P(Workers, FarReplaceTest, ::testing::Values(0));

}  // namespace
}  // namespace heliograph::gateway::testing
