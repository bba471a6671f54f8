#include "base/base64.hpp"

#include <optional>
#include <string>

#include <gtest/gtest.h>

namespace heliograph::base {
namespace {

using namespace std::string_literals;

std::string all_bytes(std::size_t size) {
  std::string bytes;
  for (std::size_t i = 0; i < size; ++i) bytes.push_back(static_cast<char>(i * 7 + 250));
  return bytes;
}

TEST(Base64, EncodesTheVectorsOfRfc4648) {
  EXPECT_EQ(base64_encode(""), "");
  EXPECT_EQ(base64_encode("f"), "Zg==");
  EXPECT_EQ(base64_encode("fo"), "Zm8=");
  EXPECT_EQ(base64_encode("foo"), "Zm9v");
  EXPECT_EQ(base64_encode("foob"), "Zm9vYg==");
  EXPECT_EQ(base64_encode("fooba"), "Zm9vYmE=");
  EXPECT_EQ(base64_encode("foobar"), "Zm9vYmFy");
}

TEST(Base64, UsesTheSymbolsOfItsAlphabet) {
  EXPECT_EQ(base64_encode("\xfb\xef\xff\xfe"), "++///g==");
  EXPECT_EQ(base64url_encode("\xfb\xef\xff\xfe"), "--___g");
}

TEST(Base64, AppendsBehindWhatIsThere) {
  std::string out = "b";
  append_base64(out, "\x01\x02\x03\x04");
  EXPECT_EQ(out, "bAQIDBA==");
}

TEST(Base64, DecodesWhatItEncodes) {
  for (std::size_t size = 0; size < 300; ++size) {
    const std::string bytes = all_bytes(size);
    EXPECT_EQ(base64_decode(base64_encode(bytes)), bytes) << size;
    EXPECT_EQ(base64url_decode(base64url_encode(bytes)), bytes) << size;
  }
}

TEST(Base64, StandardTakesPaddingOrNone) {
  EXPECT_EQ(base64_decode("Zg=="), "f");
  EXPECT_EQ(base64_decode("Zg"), "f");
  EXPECT_EQ(base64_decode("Zm8="), "fo");
  EXPECT_EQ(base64_decode("Zm8"), "fo");
  EXPECT_EQ(base64_decode(""), "");
}

TEST(Base64, StandardRefusesPaddingThatIsNotWhole) {
  for (const char* text : {"Zg=", "=", "==", "===", "====", "Zm9v=", "Zm9v==", "Zm9v====", "Zg===",
                           "Z===", "Zg==Zg==", "Z=g=", "=Zg=", "Zm8=="}) {
    EXPECT_EQ(base64_decode(text), std::nullopt) << text;
  }
}

TEST(Base64, UrlRefusesPadding) {
  for (const char* text : {"Zg==", "Zm8=", "=", "Zm9v="}) {
    EXPECT_EQ(base64url_decode(text), std::nullopt) << text;
  }
}

TEST(Base64, RefusesImpossibleLengths) {
  for (const char* text : {"A", "AAAAA", "AAAAAAAAA"}) {
    EXPECT_EQ(base64_decode(text), std::nullopt) << text;
    EXPECT_EQ(base64url_decode(text), std::nullopt) << text;
  }
}

TEST(Base64, RefusesUnusedBitsThatAreNotZero) {
  EXPECT_EQ(base64_decode("Zh=="), std::nullopt);
  EXPECT_EQ(base64_decode("Zh"), std::nullopt);
  EXPECT_EQ(base64_decode("Zm9="), std::nullopt);
  EXPECT_EQ(base64url_decode("Zv"), std::nullopt);
  EXPECT_EQ(base64url_decode("Zm-"), std::nullopt);
}

TEST(Base64, TakesTheSymbolsOfItsAlphabetAndNoOtherByte) {
  constexpr std::string_view kCommon =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  for (unsigned byte = 0; byte < 256; ++byte) {
    const char symbol = static_cast<char>(byte);
    const std::string text = "AA"s + symbol + "A";
    const bool common = kCommon.find(symbol) != std::string_view::npos;
    EXPECT_EQ(base64_decode(text).has_value(), common || symbol == '+' || symbol == '/') << byte;
    EXPECT_EQ(base64url_decode(text).has_value(), common || symbol == '-' || symbol == '_') << byte;
  }
}

TEST(Base64, RefusesWhiteSpaceAnywhere) {
  for (const char* text : {" Zm9v", "Zm9v ", "Zm9v\n", "Zm\r\n9v", "Zg==\n", "Zg =="}) {
    EXPECT_EQ(base64_decode(text), std::nullopt) << text;
    EXPECT_EQ(base64url_decode(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace heliograph::base
