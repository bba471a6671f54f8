#include "signaling/homes.hpp"

#include <set>
#include <string>

#include <gtest/gtest.h>

#include "signaling/worker_message.hpp"

namespace heliograph::signaling {
namespace {

constexpr Homes kAlone{.self = {5, 1}, .workers = 3};
constexpr Homes kClustered{.self = {5, 1}, .workers = 3, .is_clustered = true};

TEST(Homes, OfRoomsAreAllWorkersOfANodeThatIsAlone) {
  std::set<Address> homes;
  for (int i = 0; i < 100; ++i) homes.insert(kAlone.of_room("room " + std::to_string(i)));
  EXPECT_EQ(homes, (std::set<Address>{{5, 0}, {5, 1}, {5, 2}}));
  EXPECT_EQ(kAlone.of_room("north"), (Homes{.self = {5, 2}, .workers = 3}.of_room("north")));
}

TEST(Homes, OfAllRoomsIsTheClusterIfNodesShareThem) {
  EXPECT_EQ(kClustered.of_room("north"), (Address{5, kClusterWorker}));
  EXPECT_EQ(kClustered.of_room("south"), (Address{5, kClusterWorker}));
}

TEST(Homes, OfPeersAreTheWorkersThatThereAre) {
  EXPECT_TRUE(kAlone.may_have_peers_at({5, 2}));
  EXPECT_FALSE(kAlone.may_have_peers_at({5, 3}));
  EXPECT_FALSE(kAlone.may_have_peers_at({5, kClusterWorker}));
  EXPECT_FALSE(kAlone.may_have_peers_at({6, 0}));
}

TEST(Homes, OfPeersMayBeAnyWorkersOfOtherNodesInACluster) {
  EXPECT_TRUE(kClustered.may_have_peers_at({6, 1000}));
  EXPECT_FALSE(kClustered.may_have_peers_at({5, 3}));
}

}  // namespace
}  // namespace heliograph::signaling
