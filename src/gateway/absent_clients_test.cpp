#include "gateway/absent_clients.hpp"

#include <chrono>
#include <memory>

#include <gtest/gtest.h>

namespace heliograph::gateway {
namespace {

using std::chrono::seconds;

class AbsentClientsTest : public ::testing::Test {
 protected:
  class CountedClient final : public Client {
   public:
    explicit CountedClient(int& alive) : alive_(alive) { ++alive_; }
    CountedClient(const CountedClient&) = delete;
    CountedClient& operator=(const CountedClient&) = delete;
    ~CountedClient() override { --alive_; }
    void on_message(const Message& /*message*/, const base::Now& /*now*/) override {}

   private:
    int& alive_;
  };
  static signaling::PeerId peer(std::uint32_t slot) { return {.home = {}, .slot = slot}; }
  void keep(std::uint32_t slot, seconds until, std::size_t bytes = 0) {
    clients_.keep(peer(slot), std::make_unique<CountedClient>(alive_), begin_ + until, bytes);
  }

  base::TimePoint begin_{std::chrono::hours(1)};
  int alive_ = 0;
  AbsentClients clients_;
};

TEST_F(AbsentClientsTest, EndWhenTheirTimeIsOver) {
  keep(1, seconds(10));
  keep(2, seconds(20));
  EXPECT_EQ(clients_.deadline(), begin_ + seconds(10));
  clients_.end_overdue(begin_ + seconds(9));
  EXPECT_EQ(alive_, 2);
  clients_.end_overdue(begin_ + seconds(10));
  EXPECT_EQ(alive_, 1);
  EXPECT_EQ(clients_.deadline(), begin_ + seconds(20));
  clients_.end_overdue(begin_ + seconds(20));
  EXPECT_EQ(alive_, 0);
  EXPECT_EQ(clients_.deadline(), base::TimePoint::max());
}

TEST_F(AbsentClientsTest, AreGivenBackOnce) {
  keep(1, seconds(10));
  const auto client = clients_.take_out(peer(1));
  EXPECT_TRUE(client);
  EXPECT_FALSE(clients_.take_out(peer(1)));
  clients_.end_overdue(begin_ + seconds(10));
  EXPECT_EQ(alive_, 1);
}

TEST_F(AbsentClientsTest, EndLaterIfTheyHaveReturnedAndLeftAgain) {
  keep(1, seconds(10));
  clients_.take_out(peer(1));
  keep(1, seconds(20));
  clients_.end_overdue(begin_ + seconds(10));
  EXPECT_EQ(alive_, 1);
  clients_.end_overdue(begin_ + seconds(20));
  EXPECT_EQ(alive_, 0);
}

TEST_F(AbsentClientsTest, EndAtTheNextOccasionIfGivenUp) {
  keep(1, seconds(10));
  keep(2, seconds(10));
  clients_.give_up(peer(2));
  EXPECT_EQ(alive_, 2);
  EXPECT_EQ(clients_.deadline(), base::TimePoint{});
  clients_.end_given_up();
  EXPECT_EQ(alive_, 1);
  EXPECT_FALSE(clients_.take_out(peer(2)));
  EXPECT_EQ(clients_.deadline(), begin_ + seconds(10));
}

TEST_F(AbsentClientsTest, AreCountedUntilTheyEnd) {
  keep(1, seconds(10), 100);
  keep(2, seconds(10), 1'000);
  EXPECT_EQ(clients_.bytes(), 1'100U);
  EXPECT_EQ(clients_.bytes_of(peer(2)), 1'000U);
  EXPECT_TRUE(clients_.end(peer(2)));
  EXPECT_FALSE(clients_.end(peer(2)));
  EXPECT_EQ(alive_, 1);
  EXPECT_EQ(clients_.bytes(), 100U);
  EXPECT_EQ(clients_.bytes_of(peer(2)), 0U);
}

}  // namespace
}  // namespace heliograph::gateway
