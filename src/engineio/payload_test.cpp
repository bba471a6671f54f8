#include "engineio/payload.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace heliograph::engineio {
namespace {

struct Owned {
  PacketType type;
  bool binary;
  std::string data;

  friend bool operator==(const Owned&, const Owned&) = default;
};

struct Outcome {
  std::vector<Owned> packets;
  bool failed;

  friend bool operator==(const Outcome&, const Outcome&) = default;
};

Outcome read(std::string_view body) {
  PayloadReader reader(body);
  Outcome outcome{};
  while (const auto packet = reader.next()) {
    outcome.packets.push_back({packet->type, packet->binary, std::string(packet->data)});
    EXPECT_FALSE(reader.failed());
  }
  outcome.failed = reader.failed();
  EXPECT_FALSE(reader.next()) << "nothing comes after the end";
  EXPECT_EQ(reader.failed(), outcome.failed);
  return outcome;
}

Owned message(std::string data) { return {PacketType::kMessage, false, std::move(data)}; }
Owned binary(std::string data) { return {PacketType::kMessage, true, std::move(data)}; }
Owned ping() { return {PacketType::kPing, false, ""}; }

std::string write(const std::vector<Owned>& packets) {
  std::string payload;
  for (const auto& packet : packets) {
    append_packet(payload, packet.type, packet.data, packet.binary);
  }
  return payload;
}

const std::string_view kBytes1234("\x01\x02\x03\x04", 4);

TEST(Payload, ReadsTheExamplesOfTheProtocol) {
  EXPECT_EQ(read("4hello\x1e"
                 "2\x1e"
                 "4world"),
            (Outcome{{message("hello"), ping(), message("world")}, false}));
  EXPECT_EQ(read("4hello\x1e"
                 "bAQIDBA=="),
            (Outcome{{message("hello"), binary(std::string(kBytes1234))}, false}));
}

TEST(Payload, WritesTheExamplesOfTheProtocol) {
  EXPECT_EQ(write({message("hello"), ping(), message("world")}),
            "4hello\x1e"
            "2\x1e"
            "4world");
  EXPECT_EQ(write({message("hello"), binary(std::string(kBytes1234))}),
            "4hello\x1e"
            "bAQIDBA==");
  EXPECT_EQ(write({message("")}), "4");
  EXPECT_EQ(write({binary("")}), "b");
}

TEST(Payload, OnePacketNeedsNoSeparator) {
  EXPECT_EQ(read("3"), (Outcome{{{PacketType::kPong, false, ""}}, false}));
  EXPECT_EQ(read("1"), (Outcome{{{PacketType::kClose, false, ""}}, false}));
  EXPECT_EQ(read("40"), (Outcome{{message("0")}, false}));
}

TEST(Payload, WhatIsWrittenIsReadBack) {
  std::string every_byte;
  for (int byte = 0; byte < 256; ++byte) every_byte += static_cast<char>(byte);
  for (std::size_t length = 0; length <= every_byte.size(); ++length) {
    const std::vector<Owned> packets = {message("é€😀"), binary(every_byte.substr(0, length)),
                                        ping(), binary(every_byte.substr(length)), message("")};
    EXPECT_EQ(read(write(packets)), (Outcome{packets, false})) << length;
  }
}

TEST(Payload, EveryPrefixGivesThePacketsBeforeTheCut) {
  const std::vector<Owned> packets = {message("2[\"a\"]"), binary("\x01\x02\x03"), ping(),
                                      message("é")};
  const std::string whole = write(packets);
  for (std::size_t cut = 0; cut < whole.size(); ++cut) {
    const auto prefix = std::string_view(whole).substr(0, cut);
    const auto complete =
        static_cast<std::size_t>(std::count(prefix.begin(), prefix.end(), kSeparator));
    const auto outcome = read(prefix);
    ASSERT_GE(outcome.packets.size(), complete) << cut;
    for (std::size_t i = 0; i < complete; ++i) EXPECT_EQ(outcome.packets[i], packets[i]) << cut;
    // What is left of the packet that was cut is either a packet or broken, never ignored.
    EXPECT_EQ(outcome.packets.size() + (outcome.failed ? 1 : 0), complete + 1) << cut;
  }
}

TEST(Payload, AnEmptyPacketIsBroken) {
  EXPECT_EQ(read(""), (Outcome{{}, true}));
  EXPECT_EQ(read("\x1e"), (Outcome{{}, true}));
  EXPECT_EQ(read("\x1e"
                 "4a"),
            (Outcome{{}, true}));
  EXPECT_EQ(read("4a\x1e"), (Outcome{{message("a")}, true}));
  EXPECT_EQ(read("4a\x1e\x1e"
                 "4b"),
            (Outcome{{message("a")}, true}));
}

TEST(Payload, AnUnknownTypeEndsTheReading) {
  EXPECT_EQ(read("abc"), (Outcome{{}, true}));
  EXPECT_EQ(read("7"), (Outcome{{}, true}));
  EXPECT_EQ(read("4a\x1e"
                 "x\x1e"
                 "4b"),
            (Outcome{{message("a")}, true}));
  EXPECT_EQ(read("5:4hello"), (Outcome{{{PacketType::kUpgrade, false, ":4hello"}}, false}))
      << "the payloads of Engine.IO 3 have no meaning of their own";
}

TEST(Payload, Base64MustBeSound) {
  EXPECT_EQ(read("b"), (Outcome{{binary("")}, false}));
  EXPECT_EQ(read("bAQ=="), (Outcome{{binary("\x01")}, false}));
  EXPECT_EQ(read("bAQ"), (Outcome{{binary("\x01")}, false})) << "padding may be absent";
  for (const std::string broken : {"bA", "bAQ=", "bAQ=====", "b====", "bAQIDBA==AQ==", "bAQI DBA=",
                                   "bAR==", "b_-8=", "b4hello!", "bAQ==\t", "b\nA\n"}) {
    EXPECT_EQ(read(broken), (Outcome{{}, true})) << broken;
    EXPECT_EQ(read("4a\x1e" + broken), (Outcome{{message("a")}, true})) << broken;
  }
}

// The Java client's base64 does.
TEST(Payload, Base64MayBeWrappedAndEndInANewline) {
  const std::string bytes(120, '\x07');
  const std::string payload = write({binary(bytes)});
  for (const std::string_view line_end : {"\n", "\r\n"}) {
    std::string wrapped = payload;
    wrapped.insert(1 + 2 * 76, line_end);
    wrapped.insert(1 + 76, line_end);
    wrapped += line_end;
    EXPECT_EQ(read(wrapped), (Outcome{{binary(bytes)}, false}));
    EXPECT_EQ(read(wrapped + "\x1e" + "4a"), (Outcome{{binary(bytes), message("a")}, false}));
  }
}

TEST(Payload, TextMustBeUtf8) {
  EXPECT_EQ(read("4\xe2\x82\xac"), (Outcome{{message("€")}, false}));
  for (const std::string broken : {"4\xff", "4\xe2\x82", "4\xc0\x80", "4\xed\xa0\x80", "\xe2"}) {
    EXPECT_EQ(read(broken), (Outcome{{}, true}));
    EXPECT_EQ(read("2\x1e" + broken), (Outcome{{ping()}, true}));
  }
  // A character that the separator cuts in two is broken on both sides.
  EXPECT_EQ(read("4\xe2\x82\x1e"
                 "4a"),
            (Outcome{{}, true}));
}

TEST(Payload, DataStandsUntilTheNextPacketIsRead) {
  const std::string body =
      "4text\x1e"
      "bAQI=\x1e"
      "bAwQ=";
  PayloadReader reader(body);
  const auto text = reader.next().value_or(Packet{}).data;
  EXPECT_EQ(text.data(), body.data() + 1) << "text is not copied";
  EXPECT_EQ(reader.next().value_or(Packet{}).data, "\x01\x02");
  EXPECT_EQ(reader.next().value_or(Packet{}).data, "\x03\x04");
  EXPECT_EQ(text, "text");
}

}  // namespace
}  // namespace heliograph::engineio
