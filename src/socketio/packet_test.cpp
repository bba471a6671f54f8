#include "socketio/packet.hpp"

#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace heliograph::socketio {
namespace {

constexpr std::uint64_t kLastId = std::numeric_limits<std::uint64_t>::max();

// For tests of one field; a text that is no packet fails the test.
Packet decoded(std::string_view text) {
  const auto packet = decode(text);
  EXPECT_TRUE(packet) << text;
  return packet.value_or(Packet{});
}

struct Example {
  std::string text;
  Packet packet;
};

// Every example of "Packet encoding".
const std::vector<Example> kExamples = {
    {"0", {PacketType::kConnect, 0, "/", {}, ""}},
    {R"(0/admin,{"sid":"oSO0"})", {PacketType::kConnect, 0, "/admin", {}, R"({"sid":"oSO0"})"}},
    {R"(4{"message":"Not authorized"})",
     {PacketType::kConnectError, 0, "/", {}, R"({"message":"Not authorized"})"}},
    {R"(2["foo"])", {PacketType::kEvent, 0, "/", {}, R"(["foo"])"}},
    {R"(2/admin,["bar"])", {PacketType::kEvent, 0, "/admin", {}, R"(["bar"])"}},
    {R"(51-["baz",{"_placeholder":true,"num":0}])",
     {PacketType::kBinaryEvent, 1, "/", {}, R"(["baz",{"_placeholder":true,"num":0}])"}},
    {R"(52-/admin,["baz"])", {PacketType::kBinaryEvent, 2, "/admin", {}, R"(["baz"])"}},
    {R"(212["foo"])", {PacketType::kEvent, 0, "/", 12, R"(["foo"])"}},
    {R"(3/admin,13["bar"])", {PacketType::kAck, 0, "/admin", 13, R"(["bar"])"}},
    {R"(61-15["bar",{"_placeholder":true,"num":0}])",
     {PacketType::kBinaryAck, 1, "/", 15, R"(["bar",{"_placeholder":true,"num":0}])"}},
    {"1", {PacketType::kDisconnect, 0, "/", {}, ""}},
    {"1/admin,", {PacketType::kDisconnect, 0, "/admin", {}, ""}},
};

std::string encode(const Packet& packet) {
  std::string out;
  append_header(out, packet.type, packet.nsp, packet.id, packet.attachments);
  out += packet.data;
  return out;
}

TEST(SocketIoPacket, DecodesTheExamplesOfTheProtocol) {
  for (const auto& [text, packet] : kExamples) EXPECT_EQ(decode(text), packet) << text;
}

TEST(SocketIoPacket, EncodesTheExamplesOfTheProtocol) {
  for (const auto& [text, packet] : kExamples) EXPECT_EQ(encode(packet), text);
}

TEST(SocketIoPacket, EveryHeaderIsReadBack) {
  for (const char type : std::string("0123456")) {
    const bool binary = type == '5' || type == '6';
    const bool has_id = binary || type == '2' || type == '3';
    for (const std::uint32_t attachments : {0U, 1U, 16U, 4294967295U}) {
      for (const std::string_view nsp : {"/", "/admin", "/a/b-1_é", "/12"}) {
        for (const std::optional<std::uint64_t> id :
             {std::optional<std::uint64_t>{}, {0}, {12}, {kLastId}}) {
          const Packet packet{PacketType{type}, binary ? attachments : 0, nsp,
                              has_id ? id : std::nullopt, "[1]"};
          EXPECT_EQ(decode(encode(packet)), packet) << encode(packet);
        }
      }
    }
  }
}

TEST(SocketIoPacket, HeadersAreAppended) {
  std::string out = "4";
  append_header(out, PacketType::kAck, "/", 7);
  EXPECT_EQ(out, "437");
}

TEST(SocketIoPacket, APlainHeaderIsTheOneThatIsAppended) {
  for (const PacketType type : {PacketType::kConnect, PacketType::kDisconnect, PacketType::kEvent,
                                PacketType::kAck, PacketType::kConnectError}) {
    std::string out;
    append_header(out, type, kMainNamespace, {});
    EXPECT_EQ(plain_header(type), out);
  }
}

TEST(SocketIoPacket, NoOtherFirstByteIsAType) {
  EXPECT_FALSE(decode(""));
  EXPECT_FALSE(decode("abc"));
  EXPECT_FALSE(decode("999"));
  for (int byte = 0; byte < 256; ++byte) {
    if (byte >= '0' && byte <= '6') continue;
    EXPECT_FALSE(decode(std::string(1, static_cast<char>(byte)) + "[\"a\"]")) << byte;
  }
}

TEST(SocketIoPacket, BinaryTypesNeedACount) {
  for (const std::string type : {"5", "6"}) {
    for (const std::string rest :
         {"", "-", "-1[]", "1", "1[]", "a-[]", "1.23-[]", "-1-[]", "+1-[]", " 1-[]", "1 -[]",
          "0x1-[]", "1e1-[]", "4294967296-[]", "99999999999999999999999-[]", "[]", "/admin,[]"}) {
      EXPECT_FALSE(decode(type + rest)) << type << rest;
    }
    EXPECT_EQ(decoded(type + "0-1[]").attachments, 0U);
    EXPECT_EQ(decoded(type + "03-1[]").attachments, 3U) << "read as a number";
    EXPECT_EQ(decoded(type + "4294967295-1[]").attachments, 4294967295U);
  }
}

TEST(SocketIoPacket, OtherTypesHaveNoCount) {
  EXPECT_EQ(decode(R"(21-["a"])"), (Packet{PacketType::kEvent, 0, "/", 1, R"(-["a"])"}));
}

TEST(SocketIoPacket, NamespaceEndsAtTheFirstComma) {
  EXPECT_EQ(decoded("0/admin").nsp, "/admin");
  EXPECT_EQ(decoded("0/admin,").nsp, "/admin");
  EXPECT_EQ(decoded("0/,").nsp, "/");
  EXPECT_EQ(decoded("0/").nsp, "/");
  EXPECT_EQ(decoded("0/a/b,{}").nsp, "/a/b");
  EXPECT_EQ(decode(R"(2/a,["x,y"])"), (Packet{PacketType::kEvent, 0, "/a", {}, R"(["x,y"])"}));
  EXPECT_EQ(decode(R"(2/a["x","y"])"), (Packet{PacketType::kEvent, 0, "/a[\"x\"", {}, R"("y"])"}));
  EXPECT_EQ(decoded("0admin,").nsp, "/");
  EXPECT_EQ(decoded("0admin,").data, "admin,");
}

TEST(SocketIoPacket, QueryOfANamespaceIsCut) {
  EXPECT_EQ(decode("0/admin?token=1&a=b,{}"),
            (Packet{PacketType::kConnect, 0, "/admin", {}, "{}"}));
  EXPECT_EQ(decoded("0/?token=1,").nsp, "/");
  EXPECT_EQ(decoded("0/admin?").nsp, "/admin");
  EXPECT_EQ(decode("2/admin?a?b,7[\"x\"]"),
            (Packet{PacketType::kEvent, 0, "/admin", 7, "[\"x\"]"}));
}

TEST(SocketIoPacket, IdsReachTheirLimit) {
  EXPECT_EQ(decoded("20[]").id, 0U);
  EXPECT_EQ(decoded("2007[]").id, 7U) << "read as a number";
  EXPECT_EQ(decoded("29007199254740993[]").id, 9007199254740993U) << "beyond doubles, but exact";
  EXPECT_EQ(decoded("218446744073709551615[]").id, kLastId);
  EXPECT_FALSE(decode("218446744073709551616[]"));
  EXPECT_FALSE(decode("2" + std::string(1000, '9') + "[]"));
  EXPECT_EQ(decoded("3/a,18446744073709551615[]").id, kLastId);
  EXPECT_EQ(decoded("61-18446744073709551615[]").id, kLastId);
  EXPECT_FALSE(decode("61-18446744073709551616[]"));
}

TEST(SocketIoPacket, OnlyEventsAndAcksHaveIds) {
  for (const std::string text : {"012{}", "0/admin,1", "11", "1/admin,7", "41{}", "4/a,1{}"}) {
    EXPECT_FALSE(decode(text)) << text;
  }
}

TEST(SocketIoPacket, IdIsPlainDigits) {
  for (const std::string text : {"2-1[]", "2+1[]", "2 1[]", "2abc[]", "2.5[]"}) {
    EXPECT_EQ(decoded(text).id, std::nullopt) << text;
    EXPECT_EQ(decoded(text).data, text.substr(1));
  }
  EXPECT_EQ(decode("21e3[]"), (Packet{PacketType::kEvent, 0, "/", 1, "e3[]"}));
}

TEST(SocketIoPacket, EveryPrefixOfAHeaderIsHandled) {
  const std::string whole = R"(512-/admin?q=1,18446744073709551615["a"])";
  for (std::size_t length = 0; length <= whole.size(); ++length) {
    const auto packet = decode(std::string_view(whole).substr(0, length));
    EXPECT_EQ(packet.has_value(), length >= 4) << length;
    if (packet) {
      EXPECT_TRUE(std::string_view("/admin").starts_with(packet->nsp)) << length;
    }
  }
}

}  // namespace
}  // namespace heliograph::socketio
