#include "websocket/mask.hpp"

#include <string>

#include <gtest/gtest.h>

namespace heliograph::websocket {
namespace {

constexpr Mask kMask{'\x37', '\xfa', '\x21', '\x3d'};

std::string masked_by_bytes(std::string payload, const Mask& mask) {
  for (std::size_t i = 0; i < payload.size(); ++i) {
    payload[i] = static_cast<char>(payload[i] ^ mask[i % 4]);
  }
  return payload;
}

TEST(Mask, IsAppliedToEveryByteAndNoOther) {
  std::string source;
  for (int i = 0; i < 200; ++i) source.push_back(static_cast<char>(i * 37));
  for (std::size_t begin = 0; begin < 17; ++begin) {
    for (std::size_t size = 0; begin + size < source.size(); ++size) {
      std::string bytes = source;
      apply_mask(std::span(bytes).subspan(begin, size), kMask);
      const std::string expected = source.substr(0, begin) +
                                   masked_by_bytes(source.substr(begin, size), kMask) +
                                   source.substr(begin + size);
      ASSERT_EQ(bytes, expected) << size << " from " << begin;
    }
  }
}

TEST(Mask, TellsWhetherAllIsAsciiUnmasked) {
  for (std::size_t size = 0; size < 150; ++size) {
    const std::string plain(size, '\x7f');
    std::string bytes = masked_by_bytes(plain, kMask);
    EXPECT_TRUE(apply_mask(bytes, kMask));
    for (std::size_t at = 0; at < size; ++at) {
      std::string other = plain;
      other[at] = '\x80';
      bytes = masked_by_bytes(other, kMask);
      ASSERT_FALSE(apply_mask(bytes, kMask)) << at << " of " << size;
    }
  }
}

TEST(Mask, AppliedTwiceIsUndone) {
  std::string bytes = "a text of some length, longer than a block";
  const std::string before = bytes;
  apply_mask(bytes, kMask);
  EXPECT_NE(bytes, before);
  apply_mask(bytes, kMask);
  EXPECT_EQ(bytes, before);
}

TEST(Mask, GoesOnInTheMiddleOfAPayload) {
  const std::string payload = "0123456789abcdefghijklmnopqrstuvwxyz";
  for (std::size_t split = 0; split <= payload.size(); ++split) {
    std::string bytes = payload;
    apply_mask(std::span(bytes).first(split), kMask);
    apply_mask(std::span(bytes).subspan(split), advanced(kMask, split));
    EXPECT_EQ(bytes, masked_by_bytes(payload, kMask)) << split;
  }
}

}  // namespace
}  // namespace heliograph::websocket
