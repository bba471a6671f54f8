#include "websocket/testing/client_frames.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "websocket/parser.hpp"

namespace heliograph::websocket::testing {
namespace {

std::string number(CloseCode code) { return std::to_string(static_cast<std::uint16_t>(code)); }

struct Describe {
  std::string operator()(const Incomplete&) const { return "incomplete"; }
  std::string operator()(const Message& message) const {
    return (message.binary ? "binary " : "text ") + std::string(message.data);
  }
  std::string operator()(const Ping& ping) const { return "ping " + std::string(ping.data); }
  std::string operator()(const Pong&) const { return "pong"; }
  std::string operator()(const Close& close) const {
    return "close " + number(close.code) + " " + std::string(close.reason);
  }
  std::string operator()(const Violation& violation) const {
    return "violation " + number(violation.code);
  }
};

void deliver(Parser& parser, std::string_view piece, std::vector<std::string>& events) {
  const auto block = std::make_unique<char[]>(piece.size());
  std::ranges::copy(piece, block.get());
  std::span<char> input(block.get(), piece.size());
  for (;;) {
    const Event event = parser.next(input);
    if (std::holds_alternative<Incomplete>(event)) break;
    events.push_back(std::visit(Describe{}, event));
  }
  EXPECT_TRUE(input.empty());
}

}  // namespace

std::string client_frame(Opcode opcode, std::string_view payload, Fin fin, const Mask& mask) {
  std::string frame;
  const auto append = [&frame](std::uint64_t byte) {
    frame.push_back(static_cast<char>(byte & 0xff));
  };
  append((fin == Fin::kFinal ? 0x80u : 0u) | static_cast<unsigned>(opcode));
  if (payload.size() < 126) {
    append(0x80 | payload.size());
  } else if (payload.size() < 65536) {
    append(0x80 | 126);
    append(payload.size() >> 8);
    append(payload.size());
  } else {
    append(0x80 | 127);
    for (int shift = 56; shift >= 0; shift -= 8) append(payload.size() >> shift);
  }
  frame.append(mask.data(), mask.size());
  for (std::size_t i = 0; i < payload.size(); ++i) {
    frame.push_back(static_cast<char>(payload[i] ^ mask[i % 4]));
  }
  return frame;
}

std::vector<std::string> events_of(std::string_view bytes, const std::vector<std::size_t>& splits,
                                   std::size_t max_message_bytes) {
  Parser parser(max_message_bytes);
  std::vector<std::string> events;
  std::size_t begin = 0;
  for (const std::size_t split : splits) {
    deliver(parser, bytes.substr(begin, split - begin), events);
    begin = split;
  }
  deliver(parser, bytes.substr(begin), events);
  return events;
}

void expect_events_at_every_split(std::string_view bytes, const std::vector<std::string>& expected,
                                  std::size_t max_message_bytes) {
  constexpr std::size_t kFewBytes = 80;
  EXPECT_EQ(events_of(bytes, {}, max_message_bytes), expected);
  std::vector<std::size_t> everywhere;
  for (std::size_t first = 0; first <= bytes.size(); ++first) {
    ASSERT_EQ(events_of(bytes, {first}, max_message_bytes), expected) << "cut at " << first;
    everywhere.push_back(first);
    for (std::size_t second = first; second <= bytes.size() && bytes.size() < kFewBytes; ++second) {
      ASSERT_EQ(events_of(bytes, {first, second}, max_message_bytes), expected)
          << "cut at " << first << " and " << second;
    }
  }
  EXPECT_EQ(events_of(bytes, everywhere, max_message_bytes), expected) << "in single bytes";
}

// RFC 6455 §5.7, a single-frame masked text message.
TEST(ClientFrame, IsThatOfTheStandardsExample) {
  EXPECT_EQ(client_frame(Opcode::kText, "Hello"), "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58");
}

}  // namespace heliograph::websocket::testing
