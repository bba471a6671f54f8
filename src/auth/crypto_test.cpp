#include "auth/crypto.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string>

#include <gtest/gtest.h>

namespace heliograph::auth {
namespace {

std::string hex(const Sha256Digest& digest) {
  std::string text;
  for (const unsigned char byte : digest) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    text += {kDigits[byte >> 4], kDigits[byte & 15]};
  }
  return text;
}

TEST(ConstantTimeEqual, TellsEqualFromDifferent) {
  EXPECT_TRUE(constant_time_equal("", ""));
  EXPECT_TRUE(constant_time_equal("secret", std::string("secret")));
  EXPECT_FALSE(constant_time_equal("secret", "Secret"));
  EXPECT_FALSE(constant_time_equal("secret", "secreT"));
  EXPECT_FALSE(constant_time_equal("secret", "secret2"));
  EXPECT_FALSE(constant_time_equal("secret", "secre"));
  EXPECT_FALSE(constant_time_equal("secret", ""));
}

TEST(ConstantTimeEqual, SeesADifferenceAtEveryPlace) {
  for (std::size_t length = 1; length <= 40; ++length) {
    const std::string same(length, 'x');
    for (std::size_t place = 0; place < length; ++place) {
      std::string other = same;
      other[place] = 'y';
      EXPECT_FALSE(constant_time_equal(same, other)) << length << " " << place;
    }
    EXPECT_TRUE(constant_time_equal(same, std::string(same)));
  }
}

TEST(ConstantTimeEqual, LooksBeyondZeroBytes) {
  using namespace std::string_view_literals;
  EXPECT_FALSE(constant_time_equal("a\0b"sv, "a\0c"sv));
  EXPECT_TRUE(constant_time_equal("a\0b"sv, "a\0b"sv));
}

// RFC 4231 §4.2, §4.3, §4.7.
TEST(HmacSha256, ComputesTheVectorsOfTheStandard) {
  EXPECT_EQ(hex(HmacSha256(std::string(20, '\x0b'))("Hi There")),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(hex(HmacSha256("Jefe")("what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hex(HmacSha256(std::string(131, '\xaa'))(
                "Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(HmacSha256, TakesAnEmptyKeyAndAnEmptyMessage) {
  // A view of nothing at all: OpenSSL must not take its null pointer for "no key given".
  EXPECT_EQ(hex(HmacSha256(std::string_view())(std::string_view())),
            "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST(HmacSha256, JoinsItsTwoParts) {
  const HmacSha256 hmac("Jefe");
  EXPECT_EQ(hmac("what do ya ", "want for nothing?"), hmac("what do ya want for nothing?"));
}

TEST(HmacSha256, RemembersNothingOfTheMessageBefore) {
  const HmacSha256 hmac("Jefe");
  const Sha256Digest first = hmac("one");
  EXPECT_NE(hmac("two"), first);
  EXPECT_EQ(hmac("one"), first);
}

TEST(HmacSha256, WorksAfterItWasMoved) {
  HmacSha256 hmac("Jefe");
  const Sha256Digest before = hmac("one");
  const HmacSha256 moved(std::move(hmac));
  EXPECT_EQ(moved("one"), before);
}

TEST(RandomBytes, FillsWithSomethingElseEachTime) {
  std::set<std::array<unsigned char, 16>> seen;
  for (int i = 0; i < 1000; ++i) {
    std::array<unsigned char, 16> bytes{};
    random_bytes(bytes);
    EXPECT_TRUE(seen.insert(bytes).second);
  }
}

TEST(RandomBytes, FillsNothingWhereThereIsNothing) { EXPECT_NO_THROW(random_bytes({})); }

TEST(RandomPool, NeverGivesTheSameTwice) {
  RandomPool pool;
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    std::array<unsigned char, 15> portion{};
    pool.fill(portion);
    EXPECT_TRUE(seen.emplace(portion.begin(), portion.end()).second);
  }
}

TEST(RandomPool, FillsMoreThanABlock) {
  RandomPool pool;
  std::array<unsigned char, 4096> large{};
  pool.fill(large);
  const auto zeros = std::count(large.begin(), large.end(), 0);
  EXPECT_LT(zeros, 100);  // 16 are expected
}

}  // namespace
}  // namespace heliograph::auth
