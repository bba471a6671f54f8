#include "websocket/frame.hpp"

#include <string>

#include <gtest/gtest.h>

namespace heliograph::websocket {
namespace {

using namespace std::string_literals;

std::string header(Opcode opcode, std::size_t payload_bytes) {
  char out[kMaxHeaderBytes];
  return {out, write_header(out, opcode, payload_bytes)};
}

std::string close(CloseCode code, std::string_view reason = {}) {
  std::string out;
  append_close(out, code, reason);
  return out;
}

TEST(Frame, HasTheShortestLengthThatHoldsThePayload) {
  EXPECT_EQ(header(Opcode::kText, 0), "\x81\x00"s);
  EXPECT_EQ(header(Opcode::kText, 125), "\x81\x7d"s);
  EXPECT_EQ(header(Opcode::kText, 126), "\x81\x7e\x00\x7e"s);
  EXPECT_EQ(header(Opcode::kText, 0xabcd), "\x81\x7e\xab\xcd"s);
  EXPECT_EQ(header(Opcode::kText, 65535), "\x81\x7e\xff\xff"s);
  EXPECT_EQ(header(Opcode::kText, 65536), "\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x00"s);
  EXPECT_EQ(header(Opcode::kBinary, 0x0123456789abcdef),
            "\x82\x7f\x01\x23\x45\x67\x89\xab\xcd\xef"s);
}

TEST(Frame, IsReadAsItWasWritten) {
  for (const std::size_t bytes : {0, 1, 125, 126, 255, 256, 65'535, 65'536, 70'000}) {
    std::string frame;
    append_frame(frame, Opcode::kText, std::string(bytes, 'x'));
    EXPECT_EQ(payload_of(frame.data()), std::string(bytes, 'x'));
  }
}

TEST(Frame, CarriesItsOpcode) {
  EXPECT_EQ(header(Opcode::kBinary, 1), "\x82\x01"s);
  EXPECT_EQ(header(Opcode::kClose, 1), "\x88\x01"s);
  EXPECT_EQ(header(Opcode::kPing, 1), "\x89\x01"s);
  EXPECT_EQ(header(Opcode::kPong, 1), "\x8a\x01"s);
}

// RFC 6455 §5.7.
TEST(Frame, AreThoseOfTheStandardsExamples) {
  std::string out;
  append_frame(out, Opcode::kText, "Hello");
  EXPECT_EQ(out, "\x81\x05\x48\x65\x6c\x6c\x6f");
}

TEST(Frame, IsAppendedBehindWhatIsThere) {
  std::string out;
  append_frame(out, Opcode::kText, "a");
  append_frame(out, Opcode::kPong, "");
  append_close(out, CloseCode::kNormal);
  EXPECT_EQ(out, "\x81\x01\x61\x8a\x00\x88\x02\x03\xe8"s);
}

TEST(Frame, ACloseHasCodeAndReason) {
  EXPECT_EQ(close(CloseCode::kGoingAway), "\x88\x02\x03\xe9"s);
  EXPECT_EQ(close(CloseCode::kPolicyViolation, "no"), "\x88\x04\x03\xf0no"s);
  EXPECT_EQ(close(static_cast<CloseCode>(4999)), "\x88\x02\x13\x87"s);
}

TEST(Frame, ACloseWithoutStatusIsEmpty) { EXPECT_EQ(close(CloseCode::kNoStatus), "\x88\x00"s); }

TEST(Frame, ALongCloseReasonIsCut) {
  EXPECT_EQ(close(CloseCode::kNormal, std::string(123, 'r')),
            "\x88\x7d\x03\xe8"s + std::string(123, 'r'));
  EXPECT_EQ(close(CloseCode::kNormal, std::string(200, 'r')),
            "\x88\x7d\x03\xe8"s + std::string(123, 'r'));
}

TEST(Frame, ALongCloseReasonIsNotCutInsideACharacter) {
  const std::string euro = "\xe2\x82\xac";
  const std::string reason = std::string(122, 'r') + euro;
  EXPECT_EQ(close(CloseCode::kNormal, reason), "\x88\x7c\x03\xe8"s + std::string(122, 'r'));
  EXPECT_EQ(close(CloseCode::kNormal, std::string(120, 'r') + euro + euro),
            "\x88\x7d\x03\xe8"s + std::string(120, 'r') + euro);
}

}  // namespace
}  // namespace heliograph::websocket
