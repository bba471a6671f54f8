#include "base/utf8.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace heliograph::base {
namespace {

using namespace std::string_literals;

// From a block of exactly its size, so that AddressSanitizer sees a read past the end.
bool is_valid_exact(const std::string& bytes) {
  const std::vector<char> block(bytes.begin(), bytes.end());
  return is_valid_utf8({block.data(), block.size()});
}

// The check takes other ways for short, long and block-crossing texts: each of these must agree.
void expect_validity(const std::string& bytes, bool valid) {
  EXPECT_EQ(is_valid_exact(bytes), valid) << testing::PrintToString(bytes);
  for (const std::size_t padding : {1u, 7u, 15u, 31u, 61u, 63u, 64u, 200u}) {
    const std::string pad(padding, 'a');
    EXPECT_EQ(is_valid_exact(pad + bytes), valid) << padding << " before";
    EXPECT_EQ(is_valid_exact(bytes + pad), valid) << padding << " after";
    EXPECT_EQ(is_valid_exact((pad + bytes).append(pad)), valid) << padding << " around";
  }
}

TEST(Utf8, EmptyTextIsValid) { EXPECT_TRUE(is_valid_utf8({})); }

TEST(Utf8, AsciiOfEveryLengthIsValid) {
  for (std::size_t size = 0; size < 200; ++size) {
    EXPECT_TRUE(is_valid_utf8(std::string(size, '~'))) << size;
  }
  EXPECT_TRUE(is_valid_utf8("nul \0 and delete \x7f"s));
}

TEST(Utf8, FirstAndLastCodePointOfEachLengthIsValid) {
  expect_validity("\xc2\x80", true);
  expect_validity("\xdf\xbf", true);
  expect_validity("\xe0\xa0\x80", true);
  expect_validity("\xed\x9f\xbf", true);
  expect_validity("\xee\x80\x80", true);
  expect_validity("\xef\xbf\xbf", true);
  expect_validity("\xf0\x90\x80\x80", true);
  expect_validity("\xf4\x8f\xbf\xbf", true);
}

TEST(Utf8, OverlongFormsAreInvalid) {
  expect_validity("\xc0\x80", false);
  expect_validity("\xc0\xaf", false);
  expect_validity("\xc1\xbf", false);
  expect_validity("\xe0\x80\x80", false);
  expect_validity("\xe0\x9f\xbf", false);
  expect_validity("\xf0\x80\x80\x80", false);
  expect_validity("\xf0\x8f\xbf\xbf", false);
}

TEST(Utf8, SurrogatesAreInvalid) {
  expect_validity("\xed\xa0\x80", false);
  expect_validity("\xed\xbf\xbf", false);
  expect_validity("\xed\xa0\xbd\xed\xb8\x80", false);
}

TEST(Utf8, CodePointsAboveTheLastAreInvalid) {
  expect_validity("\xf4\x90\x80\x80", false);
  expect_validity("\xf5\x80\x80\x80", false);
  expect_validity("\xf8\x88\x80\x80\x80", false);
  expect_validity("\xfe", false);
  expect_validity("\xff", false);
}

TEST(Utf8, SequencesCutShortAreInvalid) {
  for (const std::string& whole : {"\xc3\xa9"s, "\xe2\x82\xac"s, "\xf0\x9f\x98\x80"s}) {
    for (std::size_t size = 1; size < whole.size(); ++size) {
      expect_validity(whole.substr(0, size), false);
    }
    expect_validity(whole.substr(1), false);
  }
}

TEST(Utf8, SequencesThatAnotherByteInterruptsAreInvalid) {
  expect_validity("\xc3\x41", false);
  expect_validity("\xc3\xc3", false);
  expect_validity("\xe2\x41\xac", false);
  expect_validity("\xe2\x82\x41", false);
  expect_validity("\xe2\x82\xe2", false);
  expect_validity("\xf0\x41\x98\x80", false);
  expect_validity("\xf0\x9f\x41\x80", false);
  expect_validity("\xf0\x9f\x98\x41", false);
}

TEST(Utf8, OneBadByteIsFoundWhereverItStands) {
  for (std::size_t size = 1; size < 200; ++size) {
    for (std::size_t place = 0; place < size; ++place) {
      std::string bytes(size, 'a');
      bytes[place] = '\x80';
      ASSERT_FALSE(is_valid_exact(bytes)) << place << " of " << size;
    }
  }
}

TEST(Utf8, OfAllTwoBytesExactlyTheWellFormedAreValid) {
  unsigned valid = 0;
  for (unsigned pair = 0; pair < 0x10000; ++pair) {
    const std::string bytes{static_cast<char>(pair >> 8), static_cast<char>(pair & 0xff)};
    if (is_valid_utf8(bytes)) ++valid;
  }
  EXPECT_EQ(valid,
            128u * 128u + 30u * 64u);  // two of ASCII, or a lead of c2 to df and what follows
}

// In pieces that end at `first` and `second`: whether all of it is taken, and may end there.
bool is_valid_in_pieces(const std::string& bytes, std::size_t first, std::size_t second) {
  const std::string_view text = bytes;
  Utf8Check check;
  return check.add(text.substr(0, first)) && check.add(text.substr(first, second - first)) &&
         check.add(text.substr(second)) && check.is_whole();
}

TEST(Utf8Check, JudgesATextInPiecesAsItJudgesTheWhole) {
  const std::vector<std::string> ends{"",
                                      "a",
                                      "\xc3\xa9",
                                      "\xe2\x82\xac",
                                      "\xf0\x9f\x98\x80",
                                      "\x80",
                                      "\xc0\xaf",
                                      "\xc3",
                                      "\xe2\x82",
                                      "\xe0\x9f\xbf",
                                      "\xed\xa0\x80",
                                      "\xf0\x9f\x98",
                                      "\xf0\x8f\xbf\xbf",
                                      "\xf4\x90\x80\x80",
                                      "\xff"};
  for (const std::string& begin : ends) {
    for (const std::string& end : ends) {
      const std::string bytes = begin + end;
      for (std::size_t first = 0; first <= bytes.size(); ++first) {
        for (std::size_t second = first; second <= bytes.size(); ++second) {
          ASSERT_EQ(is_valid_in_pieces(bytes, first, second), is_valid_utf8(bytes))
              << testing::PrintToString(bytes) << " cut at " << first << " and " << second;
        }
      }
    }
  }
}

// How many of the bytes are taken, one after the other.
std::size_t taken_of(std::string_view bytes) {
  Utf8Check check;
  std::size_t taken = 0;
  while (taken < bytes.size() && check.add(bytes.substr(taken, 1))) ++taken;
  return taken;
}

TEST(Utf8Check, FailsAtTheFirstByteThatCannotBeValid) {
  EXPECT_EQ(taken_of("ab\xff"), 2U);
  EXPECT_EQ(taken_of("\xc0\x80"), 0U);
  EXPECT_EQ(taken_of("\xe0\x80\x80"), 1U);
  EXPECT_EQ(taken_of("\xed\xa0\x80"), 1U);
  EXPECT_EQ(taken_of("\xf0\x80\x80\x80"), 1U);
  EXPECT_EQ(taken_of("\xf4\x90\x80\x80"), 1U);
  EXPECT_EQ(taken_of("\xf0\x9f\x98 "), 3U);
  EXPECT_EQ(taken_of("\xf5\x80"), 0U);
}

TEST(Utf8, IsCutBetweenTwoCharacters) {
  EXPECT_EQ(utf8_prefix("häuser", 9), "häuser");
  EXPECT_EQ(utf8_prefix("häuser", 3), "hä");
  EXPECT_EQ(utf8_prefix("häuser", 2), "h");
  EXPECT_EQ(utf8_prefix("😀", 3), "");
}

}  // namespace
}  // namespace heliograph::base
