#include "gateway/far_sessions.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace heliograph::gateway {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::uint16_t kHome = 3;

// The Client that is on the channel before.
class FormerClient final : public Client {
 public:
  explicit FormerClient(int& pings) : pings_(pings) {}
  void on_message(const Message& /*message*/, const base::Now& /*now*/) override {}
  void pinged(const base::Now& /*now*/) override { ++pings_; }
  base::TimePoint deadline() const override { return base::TimePoint(std::chrono::hours(7)); }
  CloseReason overdue() const override { return CloseReason::kTokenExpired; }
  std::string name_for_log() const override { return "former"; }

 private:
  int& pings_;
};

class OneChannel final : public Channel {
 public:
  void send_text(std::span<const std::string_view> parts) override {
    heard.emplace_back(parts.front());
  }
  void send_binary(std::string_view bytes) override {
    heard.push_back("binary " + std::string(bytes));
  }
  bool ping() override { return true; }
  void pause() override { is_paused = true; }
  void resume() override { is_paused = false; }
  void close(CloseReason reason) override {
    if (!closed) closed = reason;
  }
  bool is_closing() const override { return closed.has_value(); }
  std::unique_ptr<Client> replace_client(std::unique_ptr<Client> next) override {
    return std::exchange(client, std::move(next));
  }

  std::unique_ptr<Client> client;
  std::vector<std::string> heard;
  std::optional<CloseReason> closed;
  bool is_paused = false;
};

class FarSessionsTest : public ::testing::Test {
 protected:
  FarSessionsTest() { channel_.client = std::make_unique<FormerClient>(pings_); }

  bool open(std::uint16_t home = kHome, std::uint32_t node = 0) {
    const ReturnRequest request{.peer = {.home = {.node = node, .worker = home}, .nonce = 5},
                                .app = "app"};
    return sessions_.open(channel_, request, Allowance(limits_, now_.real),
                          [this](std::span<const HeldMessage> messages) {
                            went_on_ = true;
                            for (const HeldMessage& message : messages) {
                              left_.push_back(message.data);
                            }
                          });
  }
  void say(std::string_view data) {
    channel_.client->on_message({.binary = false, .data = data}, now_);
  }
  void grant() { sessions_.on_mail(mail::ReturnGranted{link_}, now_); }
  // The client's messages that the home was sent.
  std::vector<std::string> carried() const {
    std::vector<std::string> carried;
    for (const auto& [worker, mail] : mail_) {
      const auto* message = std::get_if<mail::FromClient>(&mail);
      if (worker == kHome && message) carried.push_back(message->data);
    }
    return carried;
  }
  template <class Each>
  const Each* last_mail() const {
    return mail_.empty() ? nullptr : std::get_if<Each>(&mail_.back().second);
  }

  base::Now now_{base::TimePoint(std::chrono::hours(1)), 1'700'000'000};
  signaling::Limits limits_;
  Apps apps_;
  std::vector<std::pair<std::uint16_t, Mail>> mail_;
  WorkerLink workers_{.index = 1, .count = 4, .post = [this](std::uint16_t worker, Mail mail) {
                        mail_.emplace_back(worker, std::move(mail));
                      }};
  const Link link_{.front = 1, .number = 1};
  FarSessions sessions_{workers_, limits_, apps_};
  int pings_ = 0;
  bool went_on_ = false;
  std::vector<std::string> left_;  // to the Client that went on
  OneChannel channel_;
};

TEST_F(FarSessionsTest, AskThePeersWorker) {
  ASSERT_TRUE(open());
  ASSERT_TRUE(last_mail<mail::Return>());
  EXPECT_EQ(mail_.back().first, kHome);
  EXPECT_EQ(last_mail<mail::Return>()->link, link_);
  EXPECT_EQ(channel_.client->name_for_log().size(), 20U) << "the peer's";
  EXPECT_EQ(apps_.size(), 1U);
}

TEST_F(FarSessionsTest, AreOfWorkersOfThisNodeOnly) {
  EXPECT_FALSE(open(kHome, 1));
  EXPECT_FALSE(open(4));
  EXPECT_THAT(mail_, IsEmpty());
  EXPECT_EQ(channel_.client->name_for_log(), "former");
}

TEST_F(FarSessionsTest, HoldWhatTheClientSaysUntilItsReturnIsGranted) {
  open();
  say("one");
  say("two");
  EXPECT_THAT(carried(), IsEmpty());
  EXPECT_EQ(sessions_.held_bytes(), 6U);
  grant();
  say("three");
  EXPECT_THAT(carried(), ElementsAre("one", "two", "three"));
  EXPECT_GT(sessions_.held_bytes(), 0U);
  sessions_.on_mail(mail::Taken{link_, weight(3) + weight(3) + weight(5)});
  EXPECT_EQ(sessions_.held_bytes(), 0U);
}

TEST_F(FarSessionsTest, GiveWayToTheFormerClientIfTheReturnIsRefused) {
  open();
  say("one");
  sessions_.on_mail(mail::ReturnRefused{link_});
  EXPECT_TRUE(went_on_);
  EXPECT_THAT(left_, ElementsAre("one"));
  EXPECT_THAT(carried(), IsEmpty());
  EXPECT_EQ(channel_.client->name_for_log(), "former");
  EXPECT_EQ(sessions_.held_bytes(), 0U);
  EXPECT_EQ(apps_.size(), 0U);
  sessions_.on_mail(mail::ToClient{link_, false, "late"});
  EXPECT_THAT(channel_.heard, IsEmpty());
}

TEST_F(FarSessionsTest, StayOnAChannelThatClosesIfTheReturnIsRefused) {
  open();
  channel_.close(CloseReason::kOverMemory);
  sessions_.on_mail(mail::ReturnRefused{link_});
  EXPECT_FALSE(went_on_);
  EXPECT_NE(channel_.client->name_for_log(), "former");
}

TEST_F(FarSessionsTest, CloseAClientThatSaysTooMuchBeforeTheAnswer) {
  open();
  say(std::string(60'000, 'x'));
  EXPECT_FALSE(channel_.closed);
  say(std::string(6'000, 'x'));
  EXPECT_EQ(channel_.closed, CloseReason::kEventBeforeConnect);
}

TEST_F(FarSessionsTest, KeepTheDeadlineOfTheFormerClientUntilTheAnswer) {
  open();
  EXPECT_EQ(channel_.client->deadline(), base::TimePoint(std::chrono::hours(7)));
  EXPECT_EQ(channel_.client->overdue(), CloseReason::kTokenExpired);
  grant();
  EXPECT_EQ(channel_.client->deadline(), base::TimePoint::max());
}

TEST_F(FarSessionsTest, CountPingsForBothUntilTheAnswer) {
  limits_.all_events = {.per_second = 1, .burst = 2};
  open();
  for (int i = 0; i < 2; ++i) channel_.client->pinged(now_);
  EXPECT_EQ(pings_, 2);
  EXPECT_FALSE(channel_.closed);
  grant();
  channel_.client->pinged(now_);
  EXPECT_EQ(pings_, 2);
  EXPECT_EQ(channel_.closed, CloseReason::kTooManyPings);
}

TEST_F(FarSessionsTest, DoNotReadFromAClientThatIsFarAhead) {
  open();
  grant();
  const std::string large(60'000, 'x');
  for (int i = 0; i < 4; ++i) say(large);
  EXPECT_FALSE(channel_.is_paused);
  say(large);
  EXPECT_TRUE(channel_.is_paused);
  sessions_.on_mail(mail::Taken{link_, 2 * weight(large.size())});
  EXPECT_FALSE(channel_.is_paused);
}

TEST_F(FarSessionsTest, CarryWhatTheGuestIsSentAndConfirmIt) {
  open();
  grant();
  sessions_.on_mail(mail::ToClient{link_, false, "text"});
  sessions_.on_mail(mail::ToClient{link_, true, "bytes"});
  sessions_.on_mail(mail::PingClient{link_});
  sessions_.on_mail(mail::ToClient{link_, false, "behind the ping"});
  EXPECT_THAT(channel_.heard, ElementsAre("text", "binary bytes", "behind the ping"));
  channel_.client->ping_answered();
  ASSERT_TRUE(last_mail<mail::Confirmed>());
  EXPECT_EQ(last_mail<mail::Confirmed>()->count, 2U);
}

TEST_F(FarSessionsTest, TellThePeersWorkerThatTheClientHasGone) {
  open();
  EXPECT_EQ(channel_.client->on_closed(CloseReason::kTransportLost), std::nullopt);
  ASSERT_TRUE(last_mail<mail::ClientGone>());
  EXPECT_EQ(last_mail<mail::ClientGone>()->reason, CloseReason::kTransportLost);
}

TEST_F(FarSessionsTest, OfAWorkerThatStopsTellNothing) {
  open();
  sessions_.stop();
  channel_.client->on_closed(CloseReason::kGoingAway);
  EXPECT_FALSE(last_mail<mail::ClientGone>());
}

TEST_F(FarSessionsTest, TakeNoMailWhenTheyHaveGone) {
  open();
  say("held");
  channel_.client.reset();
  EXPECT_EQ(sessions_.held_bytes(), 0U);
  EXPECT_EQ(apps_.size(), 0U);
  grant();
  sessions_.on_mail(mail::ReturnRefused{link_});
  sessions_.on_mail(mail::CloseClient{link_, CloseReason::kResumed});
  EXPECT_FALSE(channel_.closed);
}

}  // namespace
}  // namespace heliograph::gateway
