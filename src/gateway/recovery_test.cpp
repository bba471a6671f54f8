#include "gateway/recovery.hpp"

#include <string>

#include <gtest/gtest.h>

namespace heliograph::gateway {
namespace {

const signaling::PeerId kPeer{.home = {.node = 1, .worker = 2}, .slot = 3, .nonce = 0x123456789abc};

TEST(PrivateId, IsVerifiedByTheKeyThatMadeIt) {
  const auth::SecretHmac hmac(auth::Secrets("a key"));
  const std::string pid = private_id(kPeer, "app", hmac.signing());
  EXPECT_EQ(pid.size(), 42U);
  EXPECT_EQ(verify_private_id(pid, "app", hmac), kPeer);
  const auth::SecretHmac another(auth::Secrets("another key"));
  EXPECT_EQ(verify_private_id(pid, "app", another), std::nullopt);
}

TEST(PrivateId, IsVerifiedByTheKeyBeforeAsWell) {
  const std::string pid = private_id(kPeer, "app", auth::HmacSha256("a key"));
  const auth::SecretHmac hmac(auth::Secrets("a new key", "a key"));
  EXPECT_NE(private_id(kPeer, "app", hmac.signing()), pid);
  EXPECT_EQ(verify_private_id(pid, "app", hmac), kPeer);
  EXPECT_EQ(verify_private_id(private_id(kPeer, "app", hmac.signing()), "app", hmac), kPeer);
}

TEST(PrivateId, IsNothingElse) {
  const auth::SecretHmac hmac(auth::Secrets("a new key", "a key"));
  const std::string pid = private_id(kPeer, "app", hmac.signing());
  for (std::size_t i = 0; i < pid.size(); ++i) {
    std::string other = pid;
    other[i] = other[i] == 'A' ? 'B' : 'A';
    EXPECT_EQ(verify_private_id(other, "app", hmac), std::nullopt) << other;
    EXPECT_EQ(verify_private_id(pid.substr(0, i), "app", hmac), std::nullopt) << i;
  }
  EXPECT_EQ(verify_private_id(pid + "A", "app", hmac), std::nullopt);
}

TEST(PrivateId, HoldsForItsAppOnly) {
  const auth::SecretHmac hmac(auth::Secrets("a key"));
  const std::string pid = private_id(kPeer, "app", hmac.signing());
  EXPECT_EQ(verify_private_id(pid, "another", hmac), std::nullopt);
  EXPECT_EQ(verify_private_id(pid, "", hmac), std::nullopt);
}

TEST(Offset, IsReadForItsPeerOnly) {
  for (const std::uint64_t number : {std::uint64_t{1}, std::uint64_t{42}, UINT64_MAX}) {
    const std::string offset(std::string_view(Offset(kPeer, number)));
    EXPECT_EQ(parse_offset(offset, kPeer), number);
    signaling::PeerId other = kPeer;
    other.nonce += 1;
    EXPECT_EQ(parse_offset(offset, other), 0U);
    EXPECT_EQ(parse_offset(offset + "x", kPeer), 0U);
  }
  for (const char* strange : {"", "1", "abc", "-1", "99999999999999999999999"}) {
    EXPECT_EQ(parse_offset(strange, kPeer), 0U) << strange;
  }
}

}  // namespace
}  // namespace heliograph::gateway
