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

}  // namespace
}  // namespace heliograph::auth
