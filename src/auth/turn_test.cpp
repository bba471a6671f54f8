#include "auth/turn.hpp"

#include <gtest/gtest.h>

namespace heliograph::auth {
namespace {

// Computed with Node's crypto.createHmac('sha1', secret).
TEST(TurnCredential, IsWhatCoturnChecks) {
  const TurnCredential credential = turn_credential("north", "alice", 1700000000);
  EXPECT_EQ(credential.username, "1700000000:alice");
  EXPECT_EQ(credential.credential, "Cd/49soE35ICqcJF/bCTn8Z4OyE=");
}

TEST(TurnCredential, TakesAnEmptySecretAndUser) {
  const TurnCredential credential = turn_credential("", "", 1700000000);
  EXPECT_EQ(credential.username, "1700000000:");
  EXPECT_EQ(credential.credential, "Ewb2cramJ/QiTbUgaEfVAUQyj7s=");
}

// Computed with Node's crypto.createHmac('sha256', secret).
TEST(TurnUser, IsAnHmacOfTheAppAndTheUser) {
  EXPECT_EQ(turn_user("north", "demo", "alice"), "BEg3JXswbIlvEgQu");
  EXPECT_EQ(turn_user("", "", ""), "aM0WqMGNbaQeGY15");
}

TEST(TurnUser, IsAnotherForEachUserOfEachApp) {
  const std::string alice = turn_user("north", "demo", "alice");
  EXPECT_NE(turn_user("north", "demo", "ben"), alice);
  EXPECT_NE(turn_user("north", "chat", "alice"), alice);
  EXPECT_NE(turn_user("north", "demoa", "lice"), alice);
  EXPECT_NE(turn_user("south", "demo", "alice"), alice);
}

}  // namespace
}  // namespace heliograph::auth
