#include "gateway/peer_table.hpp"

#include <optional>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace heliograph::gateway {
namespace {

using signaling::PeerId;
using ::testing::ElementsAre;

struct Server {
  std::optional<PeerId> served;
  const std::optional<PeerId>& peer() const { return served; }
};

PeerId peer_with(std::uint32_t slot, std::uint64_t nonce) {
  return {.home = {}, .slot = slot, .nonce = nonce};
}

TEST(PeerTable, FindsTheServerOfAPeer) {
  Server server{peer_with(3, 7)};
  PeerTable<Server> table;
  EXPECT_EQ(table.find(*server.served), nullptr);
  table.set(*server.served, server);
  EXPECT_EQ(table.find(*server.served), &server);
  EXPECT_EQ(&table.at(*server.served), &server);
  table.clear(*server.served);
  EXPECT_EQ(table.find(*server.served), nullptr);
}

TEST(PeerTable, TellsPeersOfOneSlotApart) {
  Server server{peer_with(3, 7)};
  PeerTable<Server> table;
  table.set(*server.served, server);
  EXPECT_EQ(table.find(peer_with(3, 8)), nullptr);
  server.served.reset();
  EXPECT_EQ(table.find(peer_with(3, 7)), nullptr);
}

TEST(PeerTable, CallsForEachInTheOrderOfSlots) {
  Server first{peer_with(1, 1)};
  Server second{peer_with(2, 2)};
  Server third{peer_with(4, 4)};
  PeerTable<Server> table;
  for (Server* const server : {&third, &first, &second}) table.set(*server->served, *server);
  std::vector<Server*> seen;
  table.each([&](Server& server) {
    seen.push_back(&server);
    if (&server == &first) table.clear(*second.served);
  });
  EXPECT_THAT(seen, ElementsAre(&first, &third));
}

}  // namespace
}  // namespace heliograph::gateway
