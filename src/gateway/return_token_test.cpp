// The tokens with which a client may return, and those that it is given.
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/testing/return_fixture.hpp"

namespace heliograph::gateway::testing {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

class ReturnTokenTest : public ReturnTest {
 protected:
  static std::string token_in(const std::string& packet) {
    return quoted_after(packet, R"("auth-accept",{"token":")");
  }
  /// The outcome of a relay to Ada that is signed with this token.
  std::string relayed_with(TestClient& client, std::string_view token) {
    client.heard();
    client.say(fmt::format(
        R"(21["relay-ice-candidate",{{"auth":"{}","room":"r","to":"{}","ice_candidate":0}}])",
        token, ada_->id()));
    settle();
    return client.heard().back();
  }
  /// By a token of now.
  bool is_present(const signaling::PeerId& ben) const { return counts_for_ice(ben, 1'000); }
  bool counts_for_ice(const signaling::PeerId& ben, std::uint32_t returns) const {
    return hubs_[1]->is_present(ben, {returns, now_.unix_seconds});
  }
  static std::uint32_t returns_in(const std::string& token) {
    return auth::Tokens(kSecret).read_session(token).value().returns;
  }
  std::string renew(TestClient& client) {
    client.heard();
    client.say(R"(2["auth-request",")" + auth::Tokens(kSecret).issue_app("test") + "\"]");
    settle();
    return token_in(client.heard().back());
  }
  std::unique_ptr<TestClient> come_back_with(std::string_view app) {
    auto client = std::make_unique<TestClient>(*hubs_[GetParam()], now_);
    client->say(R"(0{"token":")" + auth::Tokens(kSecret).issue_app(app) + '"' +
                returning(ben_->pid(), offset_, R"("recovery":true)") + "}");
    settle();
    return client;
  }
};
INSTANTIATE_TEST_SUITE_P(Workers, ReturnTokenTest, ::testing::Values(1, 0));

constexpr std::string_view kOk = R"(31[{"ok":true)";
constexpr std::string_view kExpired = R"("reason":"token-expired")";

TEST_P(ReturnTokenTest, TheClientGetsANewSessionTokenBeforeWhatItHasMissed) {
  lose(*ben_);
  pass(seconds(10));
  send_to_ben(1);
  const auto back = come_back();
  const auto heard = back->heard();
  ASSERT_THAT(heard, ElementsAre(StartsWith("0"), is_sign_in(), HasSubstr(R"("ice_candidate":1)")));
  const std::string token = token_in(heard[1]);
  EXPECT_NE(token, ben_->token());
  pass(seconds(1'000));
  EXPECT_THAT(relayed_with(*back, token), StartsWith(kOk));
}

TEST_P(ReturnTokenTest, TheOldTokenCountsForAMinute) {
  lose(*ben_);
  pass(seconds(10));
  const auto back = come_back();
  pass(seconds(59));
  EXPECT_THAT(relayed_with(*back, ben_->token()), StartsWith(kOk));
  pass(seconds(1));
  EXPECT_THAT(relayed_with(*back, ben_->token()), HasSubstr(kExpired));
}

TEST_P(ReturnTokenTest, ATokenThatIsRenewedAfterTheReturnCountsOn) {
  lose(*ben_);
  pass(seconds(10));
  const auto back = come_back();
  const std::string token = token_in(back->heard()[1]);
  pass(seconds(10));
  const std::string renewed = renew(*back);
  EXPECT_NE(renewed, token);
  pass(seconds(1'000));
  EXPECT_THAT(relayed_with(*back, token), StartsWith(kOk));
  EXPECT_THAT(relayed_with(*back, renewed), StartsWith(kOk));
}

TEST_P(ReturnTokenTest, AnotherReturnDoesNotBringATokenBackToLife) {
  lose(*ben_);
  pass(seconds(10));
  auto first = come_back();
  pass(seconds(60));
  lose(*first);
  const auto second = come_back();
  EXPECT_THAT(relayed_with(*second, ben_->token()), HasSubstr(kExpired));
  EXPECT_THAT(relayed_with(*second, token_in(first->heard()[1])), StartsWith(kOk));
}

TEST_P(ReturnTokenTest, TheTokenHearsOfNoEventThatTheClientHasNot) {
  lose(*ben_);
  send_to_ben(1);
  for (int round = 0; round < 2; ++round) {
    auto back = come_back();
    const auto heard = back->heard();
    ASSERT_THAT(heard, SizeIs(3));
    offset_ = offset_of(heard[1]);
    EXPECT_THAT(heard[2], HasSubstr(R"("ice_candidate":1)"));
    lose(*back);  // before it has got more than the token
  }
}

// It is among what was missed, and clients use the token that they hear of last.
TEST_P(ReturnTokenTest, ATokenThatGotLostIsFollowedByTheNewOne) {
  send_to_ben(1);
  ben_->heard();
  const std::string lost = renew(*ben_);
  lose(*ben_);
  pass(seconds(10));
  const auto back = come_back();
  const auto heard = back->heard();
  ASSERT_THAT(heard, SizeIs(5));
  EXPECT_EQ(token_in(heard[3]), lost);
  EXPECT_NE(token_in(heard[4]), lost);
  EXPECT_EQ(token_in(heard[1]), token_in(heard[4]));
  offset_ = offset_of(heard[4]);
  lose(*back);
  EXPECT_THAT(come_back()->heard(), ElementsAre(StartsWith("0"), is_sign_in()));
}

TEST_P(ReturnTokenTest, WhoHadNotSignedInGetsNone) {
  TestClient cleo(*hubs_[1], now_);
  cleo.connect(R"(,"recovery":true)");
  const std::string answer = cleo.heard().front();
  const auto back = come_back(GetParam(), quoted_after(answer, R"("pid":")"), "");
  EXPECT_THAT(back->heard(), ElementsAre(answer));
  EXPECT_EQ(cleo.closed(), CloseReason::kResumed);
}

TEST_P(ReturnTokenTest, ATokenOfAnotherAppMakesANewPeer) {
  const auto stranger = come_back_with("another");
  EXPECT_THAT(stranger->heard(), ElementsAre(Not(HasSubstr(ben_->id()))));
  EXPECT_EQ(ben_->closed(), std::nullopt);
  lose(*ben_);
  EXPECT_THAT(come_back_with("another")->heard(), ElementsAre(Not(HasSubstr(ben_->id()))));
  EXPECT_THAT(come_back_with("test")->heard(), ElementsAre(HasSubstr(ben_->id()), is_sign_in()));
  EXPECT_THAT(ada_->heard(), IsEmpty());
}

TEST_P(ReturnTokenTest, EndsTheConnectionThatIsStillThereWhicheverWorkerThatIsOn) {
  for (const std::size_t worker : {0U, 1U, 0U, 1U}) {
    const auto first = come_back(worker, ben_->pid(), offset_);
    const auto second = come_back();
    EXPECT_EQ(first->closed(), CloseReason::kResumed);
    first->heard();
    first->emit("room-leave-request", R"(,"room":"r")");
    settle();
    lose(*first, CloseReason::kResumed);
    send_to_ben(1);
    EXPECT_THAT(first->heard(), IsEmpty());
    const auto heard = second->heard();
    EXPECT_THAT(heard.front(), HasSubstr(ben_->id()));
    EXPECT_THAT(heard.back(), HasSubstr(R"("ice_candidate":1)"));
    EXPECT_EQ(second->closed(), std::nullopt);
    offset_ = offset_of(heard.back());
    lose(*second);
  }
  EXPECT_THAT(ada_->heard(), IsEmpty());
}

TEST_P(ReturnTokenTest, ThePeerIsPresentUntilItsWindowIsOver) {
  const signaling::PeerId ben = *signaling::parse_peer_id(ben_->id());
  EXPECT_EQ(hubs_[0]->other_worker_of(ben), 1);
  EXPECT_EQ(hubs_[1]->other_worker_of(ben), std::nullopt);
  EXPECT_TRUE(is_present(ben));
  lose(*ben_);
  pass(seconds(20));
  EXPECT_TRUE(is_present(ben));
  const auto back = come_back();
  pass(seconds(20));
  EXPECT_TRUE(is_present(ben));
  lose(*back);
  pass(seconds(30));
  EXPECT_FALSE(is_present(ben));
}

TEST_P(ReturnTokenTest, ATokenFromBeforeAReturnEndsForIceServersToo) {
  const signaling::PeerId ben = *signaling::parse_peer_id(ben_->id());
  lose(*ben_);
  const auto back = come_back();
  EXPECT_TRUE(counts_for_ice(ben, returns_in(ben_->token())));
  pass(seconds(61));
  EXPECT_FALSE(counts_for_ice(ben, returns_in(ben_->token())));
  EXPECT_TRUE(counts_for_ice(ben, returns_in(token_in(back->heard().back()))));
}

// However the times at which the tokens end compare.
TEST_P(ReturnTokenTest, ATokenFromBeforeAReturnEndsWhateverAppTokensSay) {
  const std::int64_t start = now_.unix_seconds;
  const auto app_token = [&](std::int64_t end) {
    return auth::Tokens(kSecret).issue_app("test", end);
  };
  for (const std::int64_t end : {start + 3'600, start + 7'200, start + 3'600}) {
    lose(*ben_);
    auto back = std::make_unique<TestClient>(*hubs_[GetParam()], now_);
    back->say(fmt::format(R"(0{{"token":"{}"{}}})", app_token(end),
                          returning(ben_->pid(), offset_, R"("recovery":true)")));
    settle();
    const std::string token = token_in(back->heard().at(1));
    EXPECT_NE(token, ben_->token());
    EXPECT_THAT(relayed_with(*back, ben_->token()), StartsWith(kOk));
    pass(seconds(61));
    EXPECT_THAT(relayed_with(*back, ben_->token()), HasSubstr(kExpired));
    EXPECT_THAT(relayed_with(*back, token), StartsWith(kOk));
    back->become(*ben_);
    back->use_token(token);
    ben_ = std::move(back);
  }
}

TEST_P(ReturnTokenTest, ATokenOfAnAuthRequestAfterAReturnCountsForIceServers) {
  const signaling::PeerId ben = *signaling::parse_peer_id(ben_->id());
  lose(*ben_);
  const auto back = come_back();
  back->heard();
  back->say(R"(2["auth-request",")" +
            auth::Tokens(kSecret).issue_app("test", now_.unix_seconds + 3'600) + "\"]");
  settle();
  const std::string token = token_in(back->heard().back());
  pass(seconds(62));
  EXPECT_TRUE(counts_for_ice(ben, returns_in(token)));
}

TEST_P(ReturnTokenTest, TheNewTokenIsOfTheAppThatTheClientHasReturnedWith) {
  ben_->say(R"(2["auth-request",")" + auth::Tokens(kSecret).issue_app("other") + "\"]");
  settle();
  lose(*ben_);
  const std::string token = token_in(come_back()->heard().at(1));
  EXPECT_EQ(auth::Tokens(kSecret).read_session(token)->app, "test");
}

TEST_P(ReturnTokenTest, NoTokenCountsForIceServersOnceTheAppTokenHasExpired) {
  const signaling::PeerId ben = *signaling::parse_peer_id(ben_->id());
  ben_->say(R"(2["auth-request",")" +
            auth::Tokens(kSecret).issue_app("test", now_.unix_seconds + 2) + "\"]");
  settle();
  EXPECT_TRUE(is_present(ben));
  pass(seconds(2));
  lose(*ben_, CloseReason::kTokenExpired);
  EXPECT_FALSE(is_present(ben));
  const auto back = come_back();
  EXPECT_TRUE(is_present(ben));
}

// The one before it has just expired, and the client has got another one.
TEST_P(ReturnTokenTest, WithANewAppTokenAfterTheOneBeforeItHasExpired) {
  lose(*ben_, CloseReason::kTokenExpired);
  send_to_ben(1);
  EXPECT_THAT(come_back()->heard(),
              ElementsAre(HasSubstr(ben_->id()), is_sign_in(), HasSubstr(R"("ice_candidate":1)")));
  EXPECT_THAT(ada_->heard(), IsEmpty());
}

TEST_P(ReturnTokenTest, LastsAsLongAsTheAppTokenThatItCameWith) {
  lose(*ben_);
  const auto expiring_in = [&](int later) {
    return auth::Tokens(kSecret).issue_app("test", now_.unix_seconds + later);
  };
  TestClient back(*hubs_[GetParam()], now_);
  back.say(fmt::format(R"(0{{"token":"{}"{}}})", expiring_in(60),
                       returning(ben_->pid(), offset_, R"("recovery":true)")));
  settle();
  const auto is_over_in = [&](int later) {
    pass(seconds(later));
    const bool is_guest = GetParam() != 1;
    if (is_guest) return back.closed() == CloseReason::kTokenExpired;
    return back.deadline() <= now_.steady && back.overdue() == CloseReason::kTokenExpired;
  };
  EXPECT_FALSE(is_over_in(59));
  back.say(R"(2["auth-request",")" + expiring_in(60) + "\"]");
  settle();
  EXPECT_FALSE(is_over_in(59));
  EXPECT_TRUE(is_over_in(1));
}

TEST_P(ReturnTokenTest, EndsWithItsAppTokenIfTheReturnIsRefused) {
  lose(*ben_);
  pass(seconds(31));
  TestClient back(*hubs_[GetParam()], now_);
  back.say(fmt::format(R"(0{{"token":"{}"{}}})",
                       auth::Tokens(kSecret).issue_app("test", now_.unix_seconds + 60),
                       returning(ben_->pid(), offset_, R"("recovery":true)")));
  EXPECT_LE(back.deadline(), now_.steady + seconds(61)) << "before another worker has answered";
  settle();
  EXPECT_LE(back.deadline(), now_.steady + seconds(61));
  EXPECT_EQ(back.overdue(), CloseReason::kTokenExpired);
}

// Wherever its peer lives, limits count by the address that it comes back from.
class ReturnAddressTest : public ReturnTest {
 protected:
  ReturnAddressTest() {
    settings_.failures = {
        .wait = [](auto...) { return base::Duration::zero(); },
        .note = [this](const base::IpAddress& from, auto...) { failed_.push_back(from); }};
  }
  std::vector<base::IpAddress> failed_;
};
INSTANTIATE_TEST_SUITE_P(Workers, ReturnAddressTest, ::testing::Values(0, 1));

TEST_P(ReturnAddressTest, Counts) {
  const base::IpAddress address{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 203, 0, 113, 7}};
  lose(*ben_);
  TestClient back(*hubs_[GetParam()], now_);
  back.set_limited_address(address);
  back.connect(returning(ben_->pid(), offset_, R"("recovery":true)"));
  settle();
  back.say(R"(2["auth-request",{"token":"wrong"}])");
  settle();
  EXPECT_THAT(failed_, ElementsAre(address));
}

}  // namespace
}  // namespace heliograph::gateway::testing
