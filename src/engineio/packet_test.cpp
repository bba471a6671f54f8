#include "engineio/packet.hpp"

#include <string>

#include <gtest/gtest.h>

namespace heliograph::engineio {
namespace {

// For tests of one field; a text that is no packet fails the test.
Packet decoded(std::string_view text) {
  const auto packet = decode(text);
  EXPECT_TRUE(packet) << text;
  return packet.value_or(Packet{});
}

TEST(EngineIoPacket, EveryTypeIsDecodedWithAndWithoutData) {
  const std::string types = "0123456";
  for (const char type : types) {
    const std::string bare(1, type);
    EXPECT_EQ(decode(bare), (Packet{PacketType{type}, false, ""})) << type;
    const std::string full = bare + "data";
    EXPECT_EQ(decode(full), (Packet{PacketType{type}, false, "data"})) << type;
  }
}

TEST(EngineIoPacket, TheTextOfATypeIsDecodedToIt) {
  for (const char type : {'0', '1', '2', '3', '4', '5', '6'}) {
    EXPECT_EQ(decoded(type_text(PacketType{type})).type, PacketType{type});
    EXPECT_EQ(type_text(PacketType{type}), std::string(1, type));
  }
}

TEST(EngineIoPacket, TypesHaveTheirNumberOnTheWire) {
  EXPECT_EQ(decoded("0{}").type, PacketType::kOpen);
  EXPECT_EQ(decoded("1").type, PacketType::kClose);
  EXPECT_EQ(decoded("2probe").type, PacketType::kPing);
  EXPECT_EQ(decoded("3probe").type, PacketType::kPong);
  EXPECT_EQ(decoded("4hello").type, PacketType::kMessage);
  EXPECT_EQ(decoded("5").type, PacketType::kUpgrade);
  EXPECT_EQ(decoded("6").type, PacketType::kNoop);
}

TEST(EngineIoPacket, NoOtherFirstByteIsAType) {
  for (int byte = 0; byte < 256; ++byte) {
    if (byte >= '0' && byte <= '6') continue;
    const std::string text = {static_cast<char>(byte), 'x'};
    EXPECT_FALSE(decode(text)) << byte;
  }
  EXPECT_FALSE(decode(""));
  EXPECT_FALSE(decode("abc"));
}

TEST(EngineIoPacket, DataIsNotLookedInto) {
  EXPECT_EQ(decoded("44").data, "4");
  EXPECT_EQ(decoded("4 2").data, " 2");
  EXPECT_EQ(decoded("4€").data, "€");
  const std::string_view odd("4\0\x1e\xff", 4);
  EXPECT_EQ(decoded(odd).data, odd.substr(1));
}

TEST(EngineIoPacket, DataIsNotCopied) {
  const std::string text = "4hello";
  EXPECT_EQ(decoded(text).data.data(), text.data() + 1);
}

}  // namespace
}  // namespace heliograph::engineio
