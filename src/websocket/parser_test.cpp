#include "websocket/parser.hpp"

#include <string>
#include <type_traits>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "websocket/testing/client_frames.hpp"

namespace heliograph::websocket {
namespace {

using namespace std::string_literals;
using testing::client_frame;
using ::testing::ElementsAre;
using testing::events_of;
using testing::expect_events_at_every_split;

constexpr std::size_t kMax = 1 << 20;

std::string text_frame(std::string_view payload) { return client_frame(Opcode::kText, payload); }

std::string pattern(std::size_t size) {
  std::string text;
  for (std::size_t i = 0; i < size; ++i) text.push_back(static_cast<char>('!' + i % 90));
  return text;
}

// A piece of input that can be handed to a parser again and again.
struct Input {
  explicit Input(std::string source) : bytes(std::move(source)), rest(bytes) {}
  std::string bytes;
  std::span<char> rest;
};

TEST(Parser, IsSmallWhileIdle) {
  EXPECT_LE(sizeof(Parser), 32u);
  static_assert(std::is_nothrow_move_constructible_v<Parser>);
}

TEST(Parser, DeliversTheStandardsExample) {
  expect_events_at_every_split("\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58", {"text Hello"});
}

TEST(Parser, DeliversTextAndBinary) {
  expect_events_at_every_split(text_frame("h\xc3\xa9llo"), {"text h\xc3\xa9llo"});
  expect_events_at_every_split(client_frame(Opcode::kBinary, "\x00\xff\x80"s),
                               {"binary \x00\xff\x80"s});
}

TEST(Parser, DeliversEmptyMessages) {
  expect_events_at_every_split(text_frame(""), {"text "});
  expect_events_at_every_split(client_frame(Opcode::kBinary, ""), {"binary "});
}

TEST(Parser, DeliversEveryLengthUpToTheSecondLengthClass) {
  for (std::size_t size = 0; size <= 300; ++size) {
    ASSERT_THAT(events_of(text_frame(pattern(size))), ElementsAre("text " + pattern(size)));
  }
}

TEST(Parser, DeliversTheEdgesOfEachLengthClass) {
  for (const std::size_t size : {125u, 126u, 127u, 65535u, 65536u, 65537u, 200000u}) {
    const std::string frame = text_frame(pattern(size));
    const std::vector<std::string> expected{"text " + pattern(size)};
    EXPECT_EQ(events_of(frame), expected) << size;
    for (std::size_t split = 0; split < 24; ++split) {
      ASSERT_EQ(events_of(frame, {split}), expected) << size << " cut at " << split;
    }
    EXPECT_EQ(events_of(frame, {frame.size() - 1}), expected) << size;
  }
}

TEST(Parser, DeliversEveryLengthClassAtEverySplit) {
  expect_events_at_every_split(text_frame(pattern(125)), {"text " + pattern(125)});
  expect_events_at_every_split(text_frame(pattern(126)), {"text " + pattern(126)});
  expect_events_at_every_split(text_frame(pattern(1500)), {"text " + pattern(1500)});
}

TEST(Parser, UnmasksWithAnyMask) {
  for (const Mask& mask : {Mask{0, 0, 0, 0}, Mask{'\xff', '\xff', '\xff', '\xff'}, Mask{1, 2, 4, 8},
                           Mask{'\x80', 0, '\x7f', '\x01'}}) {
    expect_events_at_every_split(
        client_frame(Opcode::kBinary, pattern(67), testing::Fin::kFinal, mask),
        {"binary " + pattern(67)});
  }
}

TEST(Parser, DeliversAStreamOfFramesInOrder) {
  const std::string stream = text_frame("one") + client_frame(Opcode::kPing, "p") + text_frame("") +
                             client_frame(Opcode::kPong, "q") +
                             client_frame(Opcode::kBinary, "two") +
                             client_frame(Opcode::kClose,
                                          "\x03\xe8"
                                          "bye");
  expect_events_at_every_split(
      stream, {"text one", "ping p", "text ", "pong", "binary two", "close 1000 bye"});
}

TEST(Parser, TakesOneEventAtATimeFromTheFrontOfTheInput) {
  const std::string first = text_frame("first");
  Input input(first + text_frame("second") + "\x81");
  Parser parser(kMax);
  EXPECT_EQ(std::get<Message>(parser.next(input.rest)).data, "first");
  EXPECT_EQ(input.rest.data(), input.bytes.data() + first.size());
  EXPECT_EQ(std::get<Message>(parser.next(input.rest)).data, "second");
  EXPECT_EQ(input.rest.size(), 1u);
  EXPECT_TRUE(std::holds_alternative<Incomplete>(parser.next(input.rest)));
  EXPECT_TRUE(input.rest.empty());
}

TEST(Parser, NothingComesOfNothing) {
  Parser parser(kMax);
  std::span<char> nothing;
  EXPECT_TRUE(std::holds_alternative<Incomplete>(parser.next(nothing)));
  EXPECT_FALSE(parser.holds_partial());
}

TEST(Parser, DoesNotCopyAWholeFrame) {
  Input input(text_frame(pattern(2500)));
  Parser parser(kMax);
  const auto message = std::get<Message>(parser.next(input.rest));
  EXPECT_EQ(message.data.data(), input.bytes.data() + input.bytes.size() - 2500);
}

TEST(Parser, HoldsSomethingOnlyBetweenBeginningAndEnd) {
  const std::string frame = text_frame("hello");
  for (std::size_t split = 1; split < frame.size(); ++split) {
    Parser parser(kMax);
    EXPECT_FALSE(parser.holds_partial());
    Input begin(frame.substr(0, split));
    EXPECT_TRUE(std::holds_alternative<Incomplete>(parser.next(begin.rest)));
    EXPECT_TRUE(parser.holds_partial()) << split;
    Input end(frame.substr(split));
    EXPECT_EQ(std::get<Message>(parser.next(end.rest)).data, "hello");
    EXPECT_FALSE(parser.holds_partial()) << split;
    EXPECT_TRUE(std::holds_alternative<Incomplete>(parser.next(end.rest)));
    EXPECT_FALSE(parser.holds_partial()) << split;
  }
}

TEST(Parser, GoesOnWhereItWasAfterAMove) {
  const std::string frame = text_frame("hello");
  Input begin(frame.substr(0, 8));
  Input end(frame.substr(8));
  Parser parser(kMax);
  EXPECT_TRUE(std::holds_alternative<Incomplete>(parser.next(begin.rest)));
  Parser moved(std::move(parser));
  EXPECT_EQ(std::get<Message>(moved.next(end.rest)).data, "hello");
}

TEST(Parser, AnswersWithThePayloadOfAPing) {
  expect_events_at_every_split(client_frame(Opcode::kPing, ""), {"ping "});
  expect_events_at_every_split(client_frame(Opcode::kPing, "\xff\x00"s), {"ping \xff\x00"s});
  expect_events_at_every_split(client_frame(Opcode::kPing, pattern(125)), {"ping " + pattern(125)});
  expect_events_at_every_split(client_frame(Opcode::kPong, pattern(125)), {"pong"});
}

TEST(Parser, DeliversCodeAndReasonOfAClose) {
  expect_events_at_every_split(client_frame(Opcode::kClose, ""), {"close 1005 "});
  expect_events_at_every_split(client_frame(Opcode::kClose, "\x03\xe9"), {"close 1001 "});
  expect_events_at_every_split(client_frame(Opcode::kClose, "\x0f\xa0h\xc3\xa9"),
                               {"close 4000 h\xc3\xa9"});
  EXPECT_THAT(events_of(client_frame(Opcode::kClose, "\x03\xe8" + pattern(123))),
              ElementsAre("close 1000 " + pattern(123)));
}

TEST(Parser, DropsWhatComesAfterAClose) {
  expect_events_at_every_split(client_frame(Opcode::kClose, "") + text_frame("late") + "\xff\xff",
                               {"close 1005 "});
}

TEST(Parser, AClosedParserHoldsNothing) {
  Parser parser(kMax);
  Input input(client_frame(Opcode::kText, "a", testing::Fin::kMore) +
              client_frame(Opcode::kClose, ""));
  EXPECT_TRUE(std::holds_alternative<Close>(parser.next(input.rest)));
  EXPECT_FALSE(parser.holds_partial());
  Input late("\x81");
  EXPECT_TRUE(std::holds_alternative<Incomplete>(parser.next(late.rest)));
  EXPECT_TRUE(late.rest.empty());
  EXPECT_FALSE(parser.holds_partial());
}

}  // namespace
}  // namespace heliograph::websocket
