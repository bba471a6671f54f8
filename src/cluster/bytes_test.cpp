#include "cluster/bytes.hpp"

#include <cstdint>
#include <limits>
#include <string>

#include <gtest/gtest.h>

namespace heliograph::cluster {
namespace {

std::string example() {
  std::string bytes;
  ByteWriter(bytes)
      .number(std::uint8_t{7})
      .number(std::uint16_t{0x0102})
      .number(std::numeric_limits<std::uint32_t>::max())
      .number(std::uint64_t{0x0102030405060708})
      .flag(true)
      .flag(false)
      .text("")
      .text(std::string("a\0b", 3));
  return bytes;
}

TEST(Bytes, ReadsWhatWasWritten) {
  const std::string bytes = example();
  ByteReader from(bytes);
  EXPECT_EQ(from.number<std::uint8_t>(), 7);
  EXPECT_EQ(from.number<std::uint16_t>(), 0x0102);
  EXPECT_EQ(from.number<std::uint32_t>(), std::numeric_limits<std::uint32_t>::max());
  EXPECT_EQ(from.number<std::uint64_t>(), 0x0102030405060708U);
  EXPECT_TRUE(from.flag());
  EXPECT_FALSE(from.flag());
  EXPECT_EQ(from.text(), "");
  EXPECT_EQ(from.text(), std::string("a\0b", 3));
  EXPECT_TRUE(from.is_good());
  EXPECT_TRUE(from.at_end());
}

TEST(Bytes, WritesNumbersLittleEndianAndTextsWithTheirLength) {
  std::string bytes;
  ByteWriter(bytes).number(std::uint32_t{0x01020304}).text("hi");
  EXPECT_EQ(bytes, std::string("\x04\x03\x02\x01\x02\0\0\0hi", 10));
}

TEST(Bytes, AppendsToWhatIsThere) {
  std::string bytes = "before";
  ByteWriter(bytes).number(std::uint8_t{'!'});
  EXPECT_EQ(bytes, "before!");
}

TEST(Bytes, ReadsNothingBehindTheEnd) {
  const std::string bytes = example();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    ByteReader from(std::string_view(bytes).substr(0, size));
    from.number<std::uint8_t>();
    from.number<std::uint16_t>();
    from.number<std::uint32_t>();
    from.number<std::uint64_t>();
    from.flag();
    from.flag();
    from.text();
    from.text();
    EXPECT_FALSE(from.is_good()) << size;
  }
}

TEST(Bytes, GivesZerosAndEmptyTextsAfterTheFirstFailure) {
  ByteReader from("\x05\0\0\0ab");  // a text of five characters, and there are two
  EXPECT_EQ(from.text(), "");
  EXPECT_FALSE(from.is_good());
  EXPECT_EQ(from.number<std::uint8_t>(), 0);
  EXPECT_EQ(from.text(), "");
  EXPECT_FALSE(from.flag());
  EXPECT_TRUE(from.at_end());
  EXPECT_FALSE(from.is_good());
}

TEST(Bytes, FailsWhereItsCallerSaysSo) {
  ByteReader from("abc");
  from.fail();
  EXPECT_FALSE(from.is_good());
  EXPECT_EQ(from.number<std::uint8_t>(), 0);
}

}  // namespace
}  // namespace heliograph::cluster
