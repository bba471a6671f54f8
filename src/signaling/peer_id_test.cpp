#include "signaling/peer_id.hpp"

#include <string>

#include <gtest/gtest.h>

namespace heliograph::signaling {
namespace {

std::string text_of(const PeerId& id) { return std::string(PeerIdText(id)); }

TEST(PeerId, IsBase64UrlOfNodeWorkerSlotAndNonce) {
  EXPECT_EQ(text_of({}), "AAAAAAAAAAAAAAAAAAAA");
  // 01 02 03 | 04 05 | 06 07 08 09 | 0a 0b 0c 0d 0e 0f, by `basenc --base64url`
  const PeerId id{
      .home = {.node = 0x010203, .worker = 0x0405}, .slot = 0x06070809, .nonce = 0x0a0b0c0d0e0f};
  EXPECT_EQ(text_of(id), "AQIDBAUGBwgJCgsMDQ4P");
}

TEST(PeerId, ComesBackFromItsText) {
  const PeerId greatest{
      .home = {.node = 0xFFFFFF, .worker = 0xFFFF}, .slot = 0xFFFFFFFF, .nonce = kNonceMask};
  EXPECT_EQ(text_of(greatest), "____________________");
  EXPECT_EQ(parse_peer_id(text_of(greatest)), greatest);
  for (unsigned bit = 0; bit < 48; ++bit) {
    const PeerId id{.home = {.node = 1U << bit % 24, .worker = static_cast<std::uint16_t>(bit)},
                    .slot = 1U << bit % 32,
                    .nonce = std::uint64_t{1} << bit};
    EXPECT_EQ(parse_peer_id(text_of(id)), id) << text_of(id);
  }
}

TEST(PeerId, EveryTextOfTwentyCharactersNamesAnotherPeer) {
  for (const std::string text :
       {"AAAAAAAAAAAAAAAAAAAB", "BAAAAAAAAAAAAAAAAAAA", "AAAAAAAAABAAAAAAAAAA",
        "AAAAAAAAAABAAAAAAAAA", "abcdefghij-_01234567", "-_-_-_-_-_-_-_-_-_-_"}) {
    const auto id = parse_peer_id(text);
    ASSERT_TRUE(id) << text;
    EXPECT_EQ(text_of(*id), text);
  }
}

TEST(PeerId, NothingElseNamesAPeer) {
  for (const std::string& text : {
           std::string(),
           std::string("AAAAAAAAAAAAAAAAAAA"),
           std::string("AAAAAAAAAAAAAAAAAAAAA"),
           std::string("AAAAAAAAAAAAAAAAAAA="),
           std::string("AAAAAAAAAAAAAAAAAA=="),
           std::string("AAAAAAAAAA+AAAAAAAAA"),
           std::string("/AAAAAAAAAAAAAAAAAAA"),
           std::string(" AAAAAAAAAAAAAAAAAAA"),
           std::string("AAAAAAAAA\xC3\xA9"
                       "AAAAAAAAA"),
           std::string(20, '\0'),
           std::string(20, '\xFF'),
       }) {
    EXPECT_EQ(parse_peer_id(text), std::nullopt) << testing::PrintToString(text);
  }
}

TEST(PeerId, ANonceHasFortyEightBits) {
  const PeerId id{.home = {}, .slot = 0, .nonce = ~std::uint64_t{0}};
  const auto read = parse_peer_id(text_of(id));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->slot, 0U);
  EXPECT_EQ(read->nonce, kNonceMask);
}

TEST(PeerRatherThanRoom, IsEveryIdAndHardlyAnyOtherName) {
  for (const auto worker : std::initializer_list<std::uint16_t>{0, 1, 255, 1023}) {
    const PeerId id{{0xFFFFFF, worker}, 0xFFFFFFFF, kNonceMask};
    EXPECT_EQ(peer_rather_than_room(PeerIdText(id)), id);
    EXPECT_EQ(std::string_view(PeerIdText(id))[4], 'A');
  }
  EXPECT_EQ(peer_rather_than_room(PeerIdText({{1, 1024}, 0, 0})), std::nullopt);
  EXPECT_EQ(peer_rather_than_room("team-standup-2026-q4"), std::nullopt);
  EXPECT_EQ(peer_rather_than_room("lobby"), std::nullopt);
}

}  // namespace
}  // namespace heliograph::signaling
