#include <cstdint>
#include <limits>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "websocket/parser.hpp"
#include "websocket/testing/client_frames.hpp"

namespace heliograph::websocket {
namespace {

using namespace std::string_literals;
using testing::client_frame;
using ::testing::ElementsAre;
using testing::events_of;
using testing::expect_events_at_every_split;
using testing::Fin;
using ::testing::IsEmpty;

constexpr char kMaskBytes[] = "\x01\x02\x03\x04";

// A header by hand: first byte, then length field with the mask bit, then the given length bytes.
std::string header(unsigned first, unsigned length_field, const std::string& length = {}) {
  return std::string{static_cast<char>(first), static_cast<char>(0x80 | length_field)} + length +
         kMaskBytes;
}

std::string close_frame(unsigned code, const std::string& reason = {}) {
  return client_frame(Opcode::kClose,
                      std::string{static_cast<char>(code >> 8), static_cast<char>(code)} + reason);
}

TEST(ParserViolations, ReservedBits) {
  for (const unsigned bits : {0x40u, 0x20u, 0x10u, 0x70u}) {
    for (const unsigned opcode : {0x1u, 0x2u, 0x8u, 0x9u, 0xau}) {
      expect_events_at_every_split(header(0x80 | bits | opcode, 0), {"violation 1002"});
    }
  }
}

TEST(ParserViolations, ReservedOpcodes) {
  for (const unsigned opcode : {0x3u, 0x4u, 0x5u, 0x6u, 0x7u, 0xbu, 0xcu, 0xdu, 0xeu, 0xfu}) {
    expect_events_at_every_split(header(0x80 | opcode, 0), {"violation 1002"});
    expect_events_at_every_split(header(opcode, 0), {"violation 1002"});
  }
}

TEST(ParserViolations, AFrameWithoutMask) {
  for (const unsigned opcode : {0x1u, 0x2u, 0x8u, 0x9u, 0xau}) {
    for (const std::string payload : {"", "h", "hi", "hello"}) {
      const std::string frame{static_cast<char>(0x80 | opcode), static_cast<char>(payload.size())};
      expect_events_at_every_split(frame + payload, {"violation 1002"});
    }
  }
}

TEST(ParserViolations, ControlFramesInFragments) {
  for (const Opcode opcode : {Opcode::kClose, Opcode::kPing, Opcode::kPong}) {
    expect_events_at_every_split(client_frame(opcode, "", Fin::kMore), {"violation 1002"});
  }
}

TEST(ParserViolations, ControlFramesThatAreTooLong) {
  for (const Opcode opcode : {Opcode::kClose, Opcode::kPing, Opcode::kPong}) {
    EXPECT_THAT(events_of(client_frame(opcode, std::string(126, 'a'))),
                ElementsAre("violation 1002"));
    EXPECT_THAT(events_of(client_frame(opcode, std::string(70000, 'a'))),
                ElementsAre("violation 1002"));
  }
}

TEST(ParserViolations, LengthsInMoreBytesThanNeeded) {
  expect_events_at_every_split(header(0x81, 126, "\x00\x05"s), {"violation 1002"});
  expect_events_at_every_split(header(0x81, 126, "\x00\x7d"s), {"violation 1002"});
  expect_events_at_every_split(header(0x81, 126, "\x00\x00"s), {"violation 1002"});
  expect_events_at_every_split(header(0x81, 127, "\x00\x00\x00\x00\x00\x00\x00\x05"s),
                               {"violation 1002"});
  expect_events_at_every_split(header(0x81, 127, "\x00\x00\x00\x00\x00\x00\xff\xff"s),
                               {"violation 1002"});
}

TEST(ParserViolations, ALengthWithItsHighestBitSet) {
  expect_events_at_every_split(header(0x82, 127, "\x80\x00\x00\x00\x00\x00\x00\x00"s),
                               {"violation 1002"}, std::numeric_limits<std::size_t>::max());
  expect_events_at_every_split(header(0x82, 127, std::string(8, '\xff')), {"violation 1002"},
                               std::numeric_limits<std::size_t>::max());
}

TEST(ParserViolations, MessagesOverTheLimitAreRefusedAtTheirHeader) {
  expect_events_at_every_split(client_frame(Opcode::kText, "1234567890"), {"text 1234567890"}, 10);
  expect_events_at_every_split(header(0x81, 11), {"violation 1009"}, 10);
  expect_events_at_every_split(header(0x01, 11), {"violation 1009"}, 10);
  expect_events_at_every_split(header(0x82, 126, "\x01\x00"s), {"violation 1009"}, 255);
  expect_events_at_every_split(header(0x82, 127, "\x7f\xff\xff\xff\xff\xff\xff\xff"s),
                               {"violation 1009"}, 1 << 20);
}

TEST(ParserViolations, TheLimitIsNotForControlFrames) {
  expect_events_at_every_split(client_frame(Opcode::kPing, "12345678901"), {"ping 12345678901"},
                               10);
}

TEST(ParserViolations, AHugeLengthTakesNoMemoryBeforeItsBytes) {
  const std::string beginning = header(0x82, 127, "\x00\x00\x00\x00\xff\xff\xff\x00"s) + "abc";
  EXPECT_THAT(events_of(beginning, {}, std::numeric_limits<std::size_t>::max()), IsEmpty());
}

TEST(ParserViolations, TextThatIsNotUtf8) {
  for (const char* text :
       {"\xff", "ok\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "cut \xe2\x82"}) {
    expect_events_at_every_split(client_frame(Opcode::kText, text), {"violation 1007"});
  }
  EXPECT_THAT(events_of(client_frame(Opcode::kText, std::string(5000, 'a') + "\x80")),
              ElementsAre("violation 1007"));
}

TEST(ParserViolations, CloseCodesThatMayNotBeSent) {
  for (const unsigned code :
       {0u, 1u, 999u, 1004u, 1005u, 1006u, 1015u, 1016u, 1100u, 2000u, 2999u, 5000u, 65535u}) {
    expect_events_at_every_split(close_frame(code), {"violation 1002"});
  }
}

TEST(ParserViolations, CloseCodesThatMayBeSent) {
  for (const unsigned code : {1000u, 1001u, 1002u, 1003u, 1007u, 1008u, 1009u, 1010u, 1011u, 1012u,
                              1013u, 1014u, 3000u, 3999u, 4000u, 4999u}) {
    EXPECT_THAT(events_of(close_frame(code)), ElementsAre("close " + std::to_string(code) + " "));
  }
}

TEST(ParserViolations, HalfACloseCode) {
  expect_events_at_every_split(client_frame(Opcode::kClose, "\x03"), {"violation 1002"});
}

TEST(ParserViolations, ACloseReasonThatIsNotUtf8) {
  expect_events_at_every_split(close_frame(1000, "\xff"), {"violation 1007"});
  expect_events_at_every_split(close_frame(1000, "cut \xe2\x82"), {"violation 1007"});
}

TEST(ParserViolations, NothingIsParsedAfterOne) {
  const std::string stream = client_frame(Opcode::kText, "before") + header(0x83, 0) +
                             client_frame(Opcode::kText, "after") + header(0x83, 0);
  expect_events_at_every_split(stream, {"text before", "violation 1002"});
}

}  // namespace
}  // namespace heliograph::websocket
