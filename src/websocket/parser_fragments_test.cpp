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

std::string begin(Opcode opcode, std::string_view payload) {
  return client_frame(opcode, payload, Fin::kMore);
}
std::string more(std::string_view payload) {
  return client_frame(Opcode::kContinuation, payload, Fin::kMore);
}
std::string end(std::string_view payload) { return client_frame(Opcode::kContinuation, payload); }
std::string ping(std::string_view payload) { return client_frame(Opcode::kPing, payload); }

TEST(ParserFragments, AreJoined) {
  expect_events_at_every_split(begin(Opcode::kText, "Hel") + end("lo"), {"text Hello"});
  expect_events_at_every_split(begin(Opcode::kBinary, "\x01") + more("\x02\x03") + end("\x04"),
                               {"binary \x01\x02\x03\x04"});
}

TEST(ParserFragments, MayBeEmpty) {
  expect_events_at_every_split(begin(Opcode::kText, "") + end(""), {"text "});
  expect_events_at_every_split(begin(Opcode::kText, "") + more("a") + more("") + end("b"),
                               {"text ab"});
  expect_events_at_every_split(begin(Opcode::kText, "a") + more("") + end(""), {"text a"});
}

TEST(ParserFragments, HaveAMaskEach) {
  const std::string stream =
      client_frame(Opcode::kText, "abcde", Fin::kMore, {1, 2, 3, 4}) +
      client_frame(Opcode::kContinuation, "fghij", Fin::kFinal, {'\x7f', 0, '\x55', '\x0f'});
  expect_events_at_every_split(stream, {"text abcdefghij"});
}

TEST(ParserFragments, LetControlFramesThroughInBetween) {
  const std::string stream = begin(Opcode::kText, "a") + ping("1") + more("b") + ping("") +
                             client_frame(Opcode::kPong, "22") + ping("3") + end("c") + ping("4");
  expect_events_at_every_split(stream, {"ping 1", "ping ", "pong", "ping 3", "text abc", "ping 4"});
}

TEST(ParserFragments, EndWithACloseInBetween) {
  expect_events_at_every_split(begin(Opcode::kText, "a") +
                                   client_frame(Opcode::kClose,
                                                "\x03\xe8"
                                                "x") +
                                   end("b"),
                               {"close 1000 x"});
}

TEST(ParserFragments, MessagesFollowOneAnother) {
  const std::string stream = begin(Opcode::kText, "a") + end("b") +
                             client_frame(Opcode::kText, "c") + begin(Opcode::kBinary, "d") +
                             end("e");
  expect_events_at_every_split(stream, {"text ab", "text c", "binary de"});
}

TEST(ParserFragments, MayCutACharacter) {
  expect_events_at_every_split(begin(Opcode::kText, "\xf0\x9f") + more("\x98") + end("\x80"),
                               {"text \xf0\x9f\x98\x80"});
}

TEST(ParserFragments, TextIsCheckedAsAWhole) {
  expect_events_at_every_split(begin(Opcode::kText, "ok \xf0\x9f") + end("\x98"),
                               {"violation 1007"});
  expect_events_at_every_split(begin(Opcode::kText, "\xff") + end("ok"), {"violation 1007"});
  expect_events_at_every_split(begin(Opcode::kBinary, "\xff") + end("\xfe"), {"binary \xff\xfe"});
}

// Autobahn's cases 6.4.1 to 6.4.4: the text is refused before the message, or the frame, is whole.
TEST(ParserFragments, FailAtTheFirstByteThatCannotBeUtf8) {
  const std::string good = "\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5";
  for (const std::string& bytes :
       {begin(Opcode::kText, good) + more("\xf4\x90\x80\x80"),
        begin(Opcode::kText, good + "\xf4") + more("\x90"),
        begin(Opcode::kText, good + "\xed") + more("\xa0"), begin(Opcode::kText, "ok\xff"),
        begin(Opcode::kText, "\xe2\x82") + more("") + more("a")}) {
    expect_events_at_every_split(bytes, {"violation 1007"});
  }
  const std::string frame = client_frame(Opcode::kText, good + "\xf4\x90\x80\x80 and so on");
  const std::size_t before = 6 + good.size() + 1;  // with the header, and the byte that may be good
  EXPECT_THAT(events_of(frame.substr(0, before)), IsEmpty());
  EXPECT_THAT(events_of(frame.substr(0, before + 1)), ElementsAre("violation 1007"));
}

TEST(ParserFragments, ContinueOnlyWhatHasBegun) {
  expect_events_at_every_split(end("x"), {"violation 1002"});
  expect_events_at_every_split(more("x"), {"violation 1002"});
  expect_events_at_every_split(client_frame(Opcode::kText, "a") + end("b"),
                               {"text a", "violation 1002"});
  expect_events_at_every_split(begin(Opcode::kText, "a") + end("b") + end("c"),
                               {"text ab", "violation 1002"});
}

TEST(ParserFragments, NoMessageBeginsInsideAnother) {
  for (const Opcode opcode : {Opcode::kText, Opcode::kBinary}) {
    expect_events_at_every_split(begin(Opcode::kText, "a") + client_frame(opcode, "b"),
                                 {"violation 1002"});
    expect_events_at_every_split(begin(Opcode::kText, "a") + begin(opcode, "b"),
                                 {"violation 1002"});
  }
}

TEST(ParserFragments, CountTogetherTowardsTheLimit) {
  const std::string within =
      begin(Opcode::kText, "12345") + more("") + ping("longer than the rest") + end("67890");
  expect_events_at_every_split(within, {"ping longer than the rest", "text 1234567890"}, 10);
  expect_events_at_every_split(begin(Opcode::kText, "12345") + more("67890") + end("1"),
                               {"violation 1009"}, 10);
  expect_events_at_every_split(begin(Opcode::kText, "12345") + end("678901"), {"violation 1009"},
                               10);
}

TEST(ParserFragments, TheLimitIsThatOfOneMessage) {
  const std::string message = begin(Opcode::kText, "12345") + end("67890");
  expect_events_at_every_split(message + message, {"text 1234567890", "text 1234567890"}, 10);
}

TEST(ParserFragments, ManySmallOnesMakeALargeMessage) {
  std::string stream = begin(Opcode::kBinary, "");
  std::string whole;
  for (int i = 0; i < 5000; ++i) {
    const std::string piece(static_cast<std::size_t>(i % 7), static_cast<char>(i));
    stream += more(piece);
    whole += piece;
  }
  stream += end("");
  EXPECT_THAT(events_of(stream), ElementsAre("binary " + whole));
}

TEST(ParserFragments, AMessageIsHeldUntilItIsWhole) {
  Parser parser(100);
  std::string first = begin(Opcode::kText, "a");
  std::span<char> input(first);
  EXPECT_TRUE(std::holds_alternative<Incomplete>(parser.next(input)));
  EXPECT_TRUE(parser.holds_partial());
  std::string control = ping("x");
  input = control;
  EXPECT_TRUE(std::holds_alternative<Ping>(parser.next(input)));
  EXPECT_TRUE(parser.holds_partial());
  std::string last = end("b");
  input = last;
  EXPECT_EQ(std::get<Message>(parser.next(input)).data, "ab");
  EXPECT_FALSE(parser.holds_partial());
}

}  // namespace
}  // namespace heliograph::websocket
