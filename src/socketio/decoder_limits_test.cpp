#include <string>

#include <gtest/gtest.h>

#include "socketio/decoder.hpp"

namespace heliograph::socketio {
namespace {

constexpr std::optional<std::uint64_t> kNoId;

class LimitsTest : public testing::Test {
 protected:
  Received text(std::string_view message) { return decoder_.text(message, scratch_, limits_); }
  Received binary(std::string_view bytes) { return decoder_.binary(bytes, scratch_, limits_); }

  template <typename Outcome>
  static bool is(const Received& received) {
    return std::holds_alternative<Outcome>(received);
  }

  // What is refused for its size or depth must not disturb what comes next.
  void expect_ready() {
    EXPECT_TRUE(is<Event>(text(R"(2["next"])")));
    EXPECT_TRUE(is<Partial>(text(R"(51-["next"])")));
    EXPECT_TRUE(is<Event>(binary("x")));
  }

  Decoder decoder_;
  json::Outline scratch_;
  DecoderLimits limits_{.max_json_depth = 4, .max_event_bytes = 100, .max_attachments = 3};
};

// An event whose whole text has this many bytes.
std::string event_of(std::size_t bytes, const std::string& header) {
  const std::string frame = header + R"(["a",""])";
  return header + R"(["a",")" + std::string(bytes - frame.size(), 'x') + R"("])";
}

// An array this deep, with a string in it.
std::string nested(unsigned depth) {
  return std::string(depth, '[') + "\"a\"" + std::string(depth, ']');
}

std::string event_nested(unsigned depth, const std::string& header) {
  return header + "[\"a\"," + nested(depth - 1) + "]";
}

TEST(DecoderLimits, AreThoseOfTheProtocolPage) {
  const DecoderLimits limits;
  EXPECT_EQ(limits.max_json_depth, 32U);
  EXPECT_EQ(limits.max_event_bytes, 65536U);
}

TEST_F(LimitsTest, EventMayReachTheSizeLimit) {
  EXPECT_TRUE(is<Event>(text(event_of(100, "2"))));
  EXPECT_TRUE(is<Event>(text(event_of(100, "2/admin,12"))));
}

TEST_F(LimitsTest, LargerEventStillGivesItsAckId) {
  for (const std::size_t bytes : {101U, 5000U}) {
    const auto message = event_of(bytes, "2/admin,12");
    const auto large = std::get<TooLarge>(text(message));
    EXPECT_EQ(large.nsp, "/admin");
    EXPECT_EQ(large.id, 12U);
    EXPECT_EQ(std::get<TooLarge>(text(event_of(bytes, "2"))).id, kNoId);
    expect_ready();
  }
}

TEST_F(LimitsTest, LargerEventNeedNotBeJson) {
  EXPECT_EQ(std::get<TooLarge>(text("27" + std::string(100, '['))).id, 7U);
  EXPECT_TRUE(is<Malformed>(text("x" + std::string(100, '['))));
}

TEST_F(LimitsTest, LargerAckHasNobodyToAnswer) {
  const auto large = std::get<TooLarge>(text(event_of(101, "3/admin,12")));
  EXPECT_EQ(large.id, kNoId);
  EXPECT_TRUE(is<Malformed>(text(event_of(101, "3"))));
}

TEST_F(LimitsTest, AttachmentsOfALargeTextAreSwallowed) {
  for (const std::string type : {"5", "6"}) {
    const auto message = event_of(101, type + "3-/admin,9");
    const auto large = std::get<TooLarge>(text(message));
    EXPECT_EQ(large.nsp, "/admin");
    EXPECT_EQ(large.id, type == "5" ? std::optional<std::uint64_t>(9) : kNoId);
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(is<Partial>(binary(std::string(1000, 'x'))));
    expect_ready();
  }
}

TEST_F(LimitsTest, AttachmentsCountTowardsTheSize) {
  const auto message = event_of(70, "53-/admin,9");
  ASSERT_TRUE(is<Partial>(text(message)));
  ASSERT_TRUE(is<Partial>(binary(std::string(10, 'x'))));
  ASSERT_TRUE(is<Partial>(binary(std::string(20, 'x'))));
  EXPECT_TRUE(is<Event>(binary("")));
  expect_ready();
}

TEST_F(LimitsTest, AnyAttachmentMayBeTheOneTooLarge) {
  for (int before = 0; before < 3; ++before) {
    ASSERT_TRUE(is<Partial>(text(event_of(70, "53-/admin,9"))));
    for (int i = 0; i < before; ++i) ASSERT_TRUE(is<Partial>(binary("x")));
    const auto received = binary(std::string(31, 'x'));
    EXPECT_EQ(std::get<TooLarge>(received).nsp, "/admin");
    EXPECT_EQ(std::get<TooLarge>(received).id, 9U);
    for (int i = before + 1; i < 3; ++i) EXPECT_TRUE(is<Partial>(binary("x"))) << before;
    expect_ready();
  }
}

TEST_F(LimitsTest, NothingMayFollowTheLastSwallowedAttachment) {
  ASSERT_TRUE(is<TooLarge>(text(event_of(101, "51-"))));
  ASSERT_TRUE(is<Partial>(binary("x")));
  EXPECT_TRUE(is<Malformed>(binary("x")));

  Decoder other;
  ASSERT_TRUE(is<Partial>(other.text(R"(51-["a"])", scratch_, limits_)));
  ASSERT_TRUE(is<TooLarge>(other.binary(std::string(100, 'x'), scratch_, limits_)));
  EXPECT_TRUE(is<Malformed>(other.binary("x", scratch_, limits_)));
}

TEST_F(LimitsTest, TextInPlaceOfASwallowedAttachmentIsMalformed) {
  ASSERT_TRUE(is<TooLarge>(text(event_of(101, "52-"))));
  ASSERT_TRUE(is<Partial>(binary("x")));
  EXPECT_TRUE(is<Malformed>(text(R"(2["a"])")));
}

TEST_F(LimitsTest, EventMayReachTheDepthLimit) {
  EXPECT_TRUE(is<Event>(text(event_nested(4, "2"))));
  EXPECT_TRUE(is<Event>(text(R"(2["a",{"b":[{}]}])")));
  EXPECT_TRUE(is<Ack>(text("31" + nested(4))));
}

TEST_F(LimitsTest, DeeperEventStillGivesItsAckId) {
  for (const unsigned depth : {5U, 40U}) {
    const auto message = event_nested(depth, "2/admin,12");
    const auto deep = std::get<TooDeep>(text(message));
    EXPECT_EQ(deep.nsp, "/admin");
    EXPECT_EQ(deep.id, 12U);
    EXPECT_EQ(std::get<TooDeep>(text(event_nested(depth, "2"))).id, kNoId);
    expect_ready();
  }
  EXPECT_EQ(std::get<TooDeep>(text(R"(218446744073709551615["a",{"b":{"c":{"d":{}}}}])")).id,
            18446744073709551615U);
}

TEST_F(LimitsTest, DeeperAckHasNobodyToAnswer) {
  EXPECT_EQ(std::get<TooDeep>(text("3/admin,12" + nested(5))).id, kNoId);
  expect_ready();
}

TEST_F(LimitsTest, AttachmentsOfADeepTextAreSwallowed) {
  const auto message = event_nested(5, "52-/admin,12");
  const auto deep = std::get<TooDeep>(text(message));
  EXPECT_EQ(deep.nsp, "/admin");
  EXPECT_EQ(deep.id, 12U);
  EXPECT_TRUE(is<Partial>(binary("x")));
  EXPECT_TRUE(is<Partial>(binary(std::string(1000, 'x'))));
  expect_ready();
}

TEST_F(LimitsTest, ConnectIsHeldToTheLimitsToo) {
  EXPECT_TRUE(is<Connect>(text(R"(0{"a":{"b":{"c":{}}}})")));
  EXPECT_TRUE(is<Malformed>(text(R"(0{"a":{"b":{"c":{"d":{}}}}})")));
  const auto padded = [](std::size_t bytes) {
    return R"(0{"a":")" + std::string(bytes - 9, 'x') + R"("})";
  };
  EXPECT_TRUE(is<Connect>(text(padded(100))));
  EXPECT_TRUE(is<Malformed>(text(padded(101))));
}

TEST_F(LimitsTest, TooManyAttachmentsAreMalformedWhateverTheSize) {
  EXPECT_TRUE(is<Malformed>(text(event_of(101, "54-/admin,9"))));
}

TEST_F(LimitsTest, ARefusedEventIsNamedWhereItsNameStandsPlainlyInFront) {
  limits_.max_event_bytes = 20;
  const std::string rest(100, 'x');
  EXPECT_EQ(std::get<TooLarge>(text(R"(2["auth-request",")" + rest + "\"]")).event, "auth-request");
  EXPECT_EQ(std::get<TooLarge>(text(R"(2["auth\u002drequest",")" + rest + "\"]")).event, "");
  EXPECT_EQ(std::get<TooLarge>(text("2[\"" + rest)).event, "");
  EXPECT_EQ(std::get<TooLarge>(text("2[[\"" + rest)).event, "");
}

}  // namespace
}  // namespace heliograph::socketio
