#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "socketio/decoder.hpp"

namespace heliograph::socketio {
namespace {

using testing::ElementsAre;

class AttachmentsTest : public testing::Test {
 protected:
  Received text(std::string_view message) { return decoder_.text(message, scratch_, limits_); }
  Received binary(std::string_view bytes) { return decoder_.binary(bytes, scratch_, limits_); }

  template <typename Outcome>
  static bool is(const Received& received) {
    return std::holds_alternative<Outcome>(received);
  }

  bool starts_a_packet(std::string_view message) {
    Decoder fresh;
    return is<Partial>(fresh.text(message, scratch_, limits_));
  }

  bool is_malformed(std::string_view message) {
    Decoder fresh;
    return is<Malformed>(fresh.text(message, scratch_, limits_));
  }

  Decoder decoder_;
  json::Outline scratch_;
  DecoderLimits limits_;
};

TEST_F(AttachmentsTest, EventIsWholeWithItsLastAttachment) {
  ASSERT_TRUE(is<Partial>(
      text(R"(52-/admin,["baz",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}])")));
  ASSERT_TRUE(is<Partial>(binary("\x01\x02")));
  const auto received = binary("\x03\x04");
  const auto& event = std::get<Event>(received);
  EXPECT_EQ(event.nsp, "/admin");
  EXPECT_EQ(event.id, std::nullopt);
  EXPECT_EQ(event.text, R"(["baz",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}])");
  EXPECT_EQ(event.arguments.elements().size(), 3U);
  ASSERT_NE(event.attachments, nullptr);
  EXPECT_THAT(*event.attachments, ElementsAre("\x01\x02", "\x03\x04"));
}

TEST_F(AttachmentsTest, AckIsWholeWithItsLastAttachment) {
  ASSERT_TRUE(is<Partial>(text(R"(61-/admin,15["bar",{"_placeholder":true,"num":0}])")));
  const auto received = binary("\x01");
  const auto& ack = std::get<Ack>(received);
  EXPECT_EQ(ack.nsp, "/admin");
  EXPECT_EQ(ack.id, 15U);
  EXPECT_EQ(ack.text, R"(["bar",{"_placeholder":true,"num":0}])");
  EXPECT_THAT(*ack.attachments, ElementsAre("\x01"));
}

TEST_F(AttachmentsTest, EveryCountUpToTheLimitIsCollectedInOrder) {
  for (std::uint32_t count = 1; count <= limits_.max_attachments; ++count) {
    ASSERT_TRUE(is<Partial>(text("5" + std::to_string(count) + "-7[\"a\"]"))) << count;
    for (std::uint32_t index = 0; index + 1 < count; ++index) {
      ASSERT_TRUE(is<Partial>(binary(std::string(index, 'x')))) << count << ' ' << index;
    }
    const auto received = binary("last");
    const auto& event = std::get<Event>(received);
    EXPECT_EQ(event.id, 7U);
    ASSERT_EQ(event.attachments->size(), count);
    EXPECT_EQ(event.attachments->back(), "last");
    for (std::uint32_t index = 0; index + 1 < count; ++index) {
      EXPECT_EQ((*event.attachments)[index].size(), index) << "kept in order, empty ones too";
    }
  }
}

TEST_F(AttachmentsTest, MoreThanTheLimitIsMalformed) {
  EXPECT_TRUE(starts_a_packet("516-[\"a\"]"));
  EXPECT_TRUE(is_malformed("517-[\"a\"]"));
  EXPECT_TRUE(is_malformed("617-1[]"));
  EXPECT_TRUE(is_malformed("54294967295-[\"a\"]"));
  limits_.max_attachments = 0;
  EXPECT_TRUE(is_malformed("51-[\"a\"]"));
  EXPECT_FALSE(is_malformed("50-[\"a\"]"));
}

TEST_F(AttachmentsTest, TextInPlaceOfAnyAttachmentIsMalformed) {
  for (int before = 0; before < 3; ++before) {
    for (const std::string_view intruder : {R"(2["a"])", "0", "1", "51-[\"a\"]", ""}) {
      Decoder fresh;
      ASSERT_TRUE(is<Partial>(fresh.text("53-[\"a\"]", scratch_, limits_)));
      for (int i = 0; i < before; ++i) {
        ASSERT_TRUE(is<Partial>(fresh.binary("x", scratch_, limits_)));
      }
      EXPECT_TRUE(is<Malformed>(fresh.text(intruder, scratch_, limits_))) << before << intruder;
    }
  }
}

TEST_F(AttachmentsTest, OneAttachmentTooManyIsMalformed) {
  ASSERT_TRUE(is<Partial>(text("51-[\"a\"]")));
  ASSERT_TRUE(is<Event>(binary("x")));
  EXPECT_TRUE(is<Malformed>(binary("y")));
}

TEST_F(AttachmentsTest, BinaryPacketWithoutAttachmentsIsWholeAtOnce) {
  const auto received = text(R"(50-12["a",1])");
  const auto& event = std::get<Event>(received);
  EXPECT_EQ(event.id, 12U);
  EXPECT_EQ(event.text, R"(["a",1])");
  EXPECT_EQ(event.attachments, nullptr);
  EXPECT_EQ(std::get<Ack>(text("60-12[]")).attachments, nullptr);
  EXPECT_TRUE(is<Event>(text(R"(2["b"])"))) << "nothing is awaited";
  EXPECT_TRUE(is_malformed(R"(50-["a",{"_placeholder":true,"num":0}])"));
}

TEST_F(AttachmentsTest, PlainPacketsFollowAWholeOne) {
  for (int round = 0; round < 3; ++round) {
    ASSERT_TRUE(is<Partial>(text("51-[\"a\"]")));
    ASSERT_TRUE(is<Event>(binary("x")));
    ASSERT_TRUE(is<Event>(text(R"(2["b"])")));
  }
}

TEST_F(AttachmentsTest, ABrokenTextIsRefusedBeforeItsAttachments) {
  for (const std::string_view message :
       {"51-", "51-{}", "51-[]", "51-[1]", "51-[\"a\"", "51-[\"connect\"]", "61-[]", "61-1{}",
        "61-1", R"(51-["a",{"_placeholder":true}])", R"(51-["a",{"_placeholder":true,"num":1}])",
        R"(52-["a",{"_placeholder":true,"num":-1}])", R"(51-["a",{"_placeholder":true,"num":"0"}])",
        R"(51-["a",{"x":[{"_placeholder":true,"num":0.5}]}])",
        R"(51-["a",{"\u005fplaceholder":true,"num":1}])",
        R"(61-1[{"_placeholder":true,"num":1}])"}) {
    EXPECT_TRUE(is_malformed(message)) << message;
  }
}

TEST_F(AttachmentsTest, PlaceholdersMayBeAnywhereOrMissing) {
  for (const std::string_view message :
       {R"(51-["a"])", R"(52-["a",{"_placeholder":true,"num":1}])",
        R"(52-["a",{"_placeholder":true,"num":1},{"num":0,"_placeholder":true}])",
        R"(51-["a",{"b":[{"_placeholder":true,"num":0},{"_placeholder":true,"num":0}]}])",
        R"(51-["a",{"_placeholder":true,"n\u0075m":0}])"}) {
    EXPECT_TRUE(starts_a_packet(message)) << message;
  }
}

TEST_F(AttachmentsTest, AttachmentsKeepTheEventAlive) {
  std::string first = R"(51-/admin,3["a",{"_placeholder":true,"num":0}])";
  std::string bytes = "bytes";
  ASSERT_TRUE(is<Partial>(text(first)));
  first.assign(first.size(), '#');  // as the receive buffer is used again
  auto received = binary(bytes);
  bytes.assign(bytes.size(), '#');
  const auto event = std::get<Event>(std::move(received));
  ASSERT_TRUE(is<Partial>(text(R"(51-["other"])")));
  ASSERT_TRUE(is<Event>(binary("other")));
  EXPECT_EQ(event.nsp, "/admin");
  EXPECT_EQ(event.text, R"(["a",{"_placeholder":true,"num":0}])");
  EXPECT_THAT(*event.attachments, ElementsAre("bytes"));
}

TEST_F(AttachmentsTest, TheScratchMayServeOthersInBetween) {
  ASSERT_TRUE(is<Partial>(text(R"(51-["a",{"b":1}])")));
  Decoder other;
  ASSERT_TRUE(is<Event>(other.text(R"(2["c",[],[],[]])", scratch_, limits_)));
  const auto received = binary("x");
  const auto elements = std::get<Event>(received).arguments.elements();
  ASSERT_EQ(elements.size(), 2U);
  EXPECT_EQ(elements[0].value.text, "\"a\"");
  EXPECT_EQ(elements[1].value.text, R"({"b":1})");
}

TEST_F(AttachmentsTest, BytesArePassedOnAsTheyCame) {
  std::string every_byte;
  for (int byte = 0; byte < 256; ++byte) every_byte += static_cast<char>(byte);
  ASSERT_TRUE(is<Partial>(text("51-[\"a\"]")));
  const auto received = binary(every_byte);
  EXPECT_THAT(*std::get<Event>(received).attachments, ElementsAre(every_byte));
}

}  // namespace
}  // namespace heliograph::socketio
