#include <chrono>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/hub.hpp"
#include "gateway/testing/test_client.hpp"

namespace heliograph::gateway::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

constexpr std::uint32_t kNode = 7;

/// The hub of a node in a cluster that the test plays: what leads out of the node is collected.
class ClusteredHubTest : public ::testing::Test {
 protected:
  ClusteredHubTest() { settings_.app_secret = kSecret; }

  Hub& hub() {
    if (!hub_) {
      WorkerLink link;
      link.node = kNode;
      link.post_far = [this](signaling::Address to, signaling::WorkerMessage message) {
        posted_.emplace_back(to, std::move(message));
      };
      link.may_serve = [this](base::TimePoint, std::uint32_t times_gone) {
        return may_serve_ && times_gone == times_lost_;
      };
      hub_ = std::make_unique<Hub>(settings_, std::move(link));
    }
    return *hub_;
  }
  std::unique_ptr<TestClient> signed_in() {
    return std::make_unique<TestClient>(hub(), now_, TestClient::SignedIn{});
  }
  const signaling::RoomRequest& request() const {
    return std::get<signaling::RoomRequest>(posted_.back().second);
  }
  // The answer of the rooms that nodes share to the last request.
  void let_in(const TestClient& client) {
    hub().on_mail(signaling::RoomUpdate{.to = {*signaling::parse_peer_id(client.id())},
                                        .room = "r",
                                        .membership = signaling::Membership::kMember,
                                        .answers = signaling::Answers::kEntry,
                                        .event = R"(["room-create-accept",{"room":"r"}])",
                                        .attachments = {}},
                  now_);
  }

  base::Now now_{base::TimePoint(std::chrono::hours(1000)), 1'700'000'000};
  HubSettings settings_;
  std::vector<std::pair<signaling::Address, signaling::WorkerMessage>> posted_;
  bool may_serve_ = true;
  std::uint32_t times_lost_ = 0;

 private:
  std::unique_ptr<Hub> hub_;
};

TEST_F(ClusteredHubTest, AsksTheSharedRoomsAndTellsWhatTheyAnswer) {
  const auto client = signed_in();
  client->emit("room-create-request", R"(,"room":"r")");
  ASSERT_THAT(posted_, SizeIs(1));
  EXPECT_EQ(posted_[0].first, (signaling::Address{kNode, signaling::kClusterWorker}));
  EXPECT_EQ(request().room, "r");
  EXPECT_EQ(request().from.home.node, kNode);
  EXPECT_THAT(client->heard(), IsEmpty());
  let_in(*client);
  EXPECT_THAT(client->heard().at(0), StartsWith(R"(2["room-create-accept",{"room":"r"})"));
}

TEST_F(ClusteredHubTest, RelaysToAPeerOfAnotherNodeThere) {
  const auto client = signed_in();
  client->emit("room-create-request", R"(,"room":"r")");
  let_in(*client);
  const signaling::PeerId far{.home = {9, 1}, .slot = 3, .nonce = 77};
  const std::string to = std::string(signaling::PeerIdText(far));
  client->emit("relay-message", R"(,"room":"r","to":")" + to + R"(","data":1)", "5");
  EXPECT_EQ(posted_.back().first, (signaling::Address{9, 1}));
  EXPECT_EQ(std::get<signaling::RemoteRelay>(posted_.back().second).to, far);
}

TEST_F(ClusteredHubTest, ServesNothingThatOthersMayHaveEnded) {
  const auto client = signed_in();
  may_serve_ = false;
  client->emit("room-create-request", R"(,"room":"r")", "5");
  EXPECT_THAT(posted_, IsEmpty());
  const auto heard = client->heard();
  ASSERT_THAT(heard, SizeIs(2));
  EXPECT_THAT(heard[0], StartsWith(R"(2["room-create-reject",{"message":"The servers cannot)"));
  EXPECT_THAT(heard[1], HasSubstr(R"("code":"cluster-unavailable")"));
}

TEST_F(ClusteredHubTest, DisconnectsPeersThatAreNoMoreAndServesThoseThatComeAnew) {
  const auto old = signed_in();
  old->emit("room-create-request", R"(,"room":"r")");
  let_in(*old);
  times_lost_ = 1;
  old->emit("room-info-request", R"(,"room":"r")", "5");
  EXPECT_THAT(old->heard().back(), HasSubstr("cluster-unavailable"));
  EXPECT_FALSE(old->closed());

  hub().on_mail(mail::PeersGone{.times = 1}, now_);
  EXPECT_EQ(old->closed(), CloseReason::kPeerLost);
  const auto anew = signed_in();
  posted_.clear();
  anew->emit("room-create-request", R"(,"room":"r")");
  ASSERT_THAT(posted_, SizeIs(1));
  EXPECT_NE(anew->id(), old->id());
}

TEST_F(ClusteredHubTest, DisconnectsOnePeerThatIsToComeAnew) {
  const auto old = signed_in();
  const auto other = signed_in();
  const auto peer = signaling::parse_peer_id(old->id()).value();
  hub().on_mail(mail::PeerGone{peer}, now_);
  EXPECT_EQ(old->closed(), CloseReason::kPeerLost);
  EXPECT_FALSE(other->closed());
  hub().on_mail(mail::PeerGone{peer}, now_);  // as if another fault had sent it away, too
  EXPECT_FALSE(other->closed());
}

TEST_F(ClusteredHubTest, ForgetsPeersThatWereToComeBack) {
  const auto old = signed_in();
  old->leave(CloseReason::kTransportLost);
  hub().on_mail(mail::PeersGone{.times = 0}, now_);
  TestClient back(hub(), now_);
  back.connect(R"(,"recovery":true,"offset":"","pid":")" + old->pid() + '"');
  const std::string answer = back.heard().at(0);
  EXPECT_NE(quoted_after(answer, "\"sid\":\""), old->id());
}

TEST_F(ClusteredHubTest, APeerOfAnotherNodeIsPresentAsLongAsThatNodeLives) {
  const signaling::PeerId far{.home = {9, 1}, .slot = 3, .nonce = 77};
  EXPECT_EQ(hub().other_worker_of(far), std::nullopt);
  EXPECT_FALSE(hub().is_present(far, {0, 0}));
  const auto tell = [this](std::set<std::uint32_t> nodes) {
    hub().on_mail(
        mail::LiveNodes{std::make_shared<const std::set<std::uint32_t>>(std::move(nodes))}, now_);
  };
  tell({kNode, 9});
  EXPECT_TRUE(hub().is_present(far, {0, 0}));
  tell({kNode});
  EXPECT_FALSE(hub().is_present(far, {0, 0}));
}

TEST_F(ClusteredHubTest, TakesNoPeerOfAnotherNodeBack) {
  const auto old = signed_in();
  WorkerLink other;
  other.node = kNode + 1;
  other.post_far = [](signaling::Address, const signaling::WorkerMessage&) {};
  Hub elsewhere(settings_, std::move(other));
  TestClient back(elsewhere, now_);
  back.connect(R"(,"recovery":true,"offset":"","pid":")" + old->pid() + '"');
  EXPECT_NE(quoted_after(back.heard().at(0), "\"sid\":\""), old->id());
}

}  // namespace
}  // namespace heliograph::gateway::testing
