#include "socketio/decoder.hpp"

#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace heliograph::socketio {
namespace {

static_assert(sizeof(Decoder) == sizeof(void*), "an idle client costs a pointer here");

class DecoderTest : public testing::Test {
 protected:
  Received text(std::string_view message) { return decoder_.text(message, scratch_, limits_); }

  // A new decoder_ for each message: what it says of this one message.
  bool is_malformed(std::string_view message) {
    Decoder fresh;
    return std::holds_alternative<Malformed>(fresh.text(message, scratch_, limits_));
  }

  bool is_event(std::string_view message) {
    Decoder fresh;
    return std::holds_alternative<Event>(fresh.text(message, scratch_, limits_));
  }

  Decoder decoder_;
  json::Outline scratch_;
  DecoderLimits limits_;
};

bool lies_within(std::string_view part, std::string_view whole) {
  return part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size();
}

TEST_F(DecoderTest, ConnectToTheMainNamespace) {
  const auto connect = std::get<Connect>(text("0"));
  EXPECT_EQ(connect.nsp, "/");
  EXPECT_EQ(connect.auth, "");
}

TEST_F(DecoderTest, ConnectCarriesItsAuthAsItCame) {
  const std::string_view message = R"(0{ "token" : "1\u00323" })";
  const auto connect = std::get<Connect>(text(message));
  EXPECT_EQ(connect.nsp, "/");
  EXPECT_EQ(connect.auth, R"({ "token" : "1\u00323" })");
  const auto& auth = scratch_.elements()[0];
  EXPECT_EQ(json::decode_string(*scratch_.find(auth, "token")), "123");
}

TEST_F(DecoderTest, ConnectToAnotherNamespace) {
  EXPECT_EQ(std::get<Connect>(text("0/admin,")).nsp, "/admin");
  EXPECT_EQ(std::get<Connect>(text("0/admin")).nsp, "/admin");
  const auto connect = std::get<Connect>(text(R"(0/admin?x=y,{"sid":"a"})"));
  EXPECT_EQ(connect.nsp, "/admin");
  EXPECT_EQ(connect.auth, R"({"sid":"a"})");
}

TEST_F(DecoderTest, ConnectPayloadMustBeAnObject) {
  for (const std::string_view message :
       {"0[]", "0\"a\"", "0null", "0true", "0/admin,\"invalid\"", "0{", "0{}x", "0{\"a\"}", "0 ",
        "0/admin,[{}]", "0{}{}", "0\"", "0admin"}) {
    EXPECT_TRUE(is_malformed(message)) << message;
  }
}

TEST_F(DecoderTest, Disconnect) {
  EXPECT_EQ(std::get<Disconnect>(text("1")).nsp, "/");
  EXPECT_EQ(std::get<Disconnect>(text("1/admin,")).nsp, "/admin");
  EXPECT_EQ(std::get<Disconnect>(text("1/admin")).nsp, "/admin");
}

TEST_F(DecoderTest, DisconnectHasNoPayload) {
  for (const std::string_view message : {"1{}", "1/admin,{}", "1[]", "1 ", "1null", "11"}) {
    EXPECT_TRUE(is_malformed(message)) << message;
  }
}

TEST_F(DecoderTest, Event) {
  const std::string_view message = R"(2["foo"])";
  const auto received = text(message);
  const auto& event = std::get<Event>(received);
  EXPECT_EQ(event.nsp, "/");
  EXPECT_EQ(event.id, std::nullopt);
  EXPECT_EQ(event.text, R"(["foo"])");
  EXPECT_EQ(event.attachments, nullptr);
  ASSERT_EQ(event.arguments.elements().size(), 1U);
  EXPECT_EQ(event.arguments.elements()[0].value.text, "\"foo\"");
}

TEST_F(DecoderTest, EventIsOutlinedWithoutACopy) {
  const std::string message =
      R"(2/admin,12["relay",{"to":"b","session_description":{"sdp":"v=0\r\n"}},[1],null])";
  const auto received = text(message);
  const auto& event = std::get<Event>(received);
  EXPECT_EQ(event.nsp, "/admin");
  EXPECT_EQ(event.id, 12U);
  EXPECT_EQ(&event.arguments, &scratch_);
  ASSERT_EQ(event.arguments.elements().size(), 4U);
  const auto* sdp = event.arguments.find(event.arguments.elements()[1], "session_description");
  ASSERT_NE(sdp, nullptr);
  EXPECT_EQ(sdp->text, R"({"sdp":"v=0\r\n"})");
  EXPECT_TRUE(lies_within(event.nsp, message));
  EXPECT_TRUE(lies_within(event.text, message));
  EXPECT_TRUE(lies_within(sdp->text, message));
}

TEST_F(DecoderTest, IdsReachTheirLimit) {
  for (const std::uint64_t id :
       {std::uint64_t{0}, std::uint64_t{456}, std::numeric_limits<std::uint64_t>::max()}) {
    EXPECT_EQ(std::get<Event>(text("2" + std::to_string(id) + "[\"a\"]")).id, id);
    EXPECT_EQ(std::get<Ack>(text("3" + std::to_string(id) + "[]")).id, id);
  }
  EXPECT_TRUE(is_malformed("218446744073709551616[\"a\"]"));
  EXPECT_TRUE(is_malformed("318446744073709551616[]"));
}

TEST_F(DecoderTest, EventPayloadMustBeANonEmptyArray) {
  for (const std::string_view message : {"2", "2/admin,", "212", "2[]", "2[ ]", "2{}", "2/admin,{}",
                                         "2\"a\"", "2null", "27", R"(2{"0":"a"})"}) {
    EXPECT_TRUE(is_malformed(message)) << message;
  }
}

TEST_F(DecoderTest, EventPayloadMustBeJson) {
  for (const std::string_view message : {R"(2["a")",
                                         R"(2["a",])",
                                         R"(2["a"]])",
                                         R"(2["a"]x)",
                                         R"(2abc["a"])",
                                         R"(2-1["a"])",
                                         R"(2["a",01])",
                                         R"(2["a",'b'])",
                                         R"(2["a",undefined])",
                                         R"(2["a",NaN])",
                                         R"(2[,"a"])",
                                         R"(2["a" "b"])",
                                         R"(2["\x"])",
                                         "2[\"a\nb\"]",
                                         "2[\"\xff\"]",
                                         "2[\"a\",\"\xed\xa0\x80\"]",
                                         R"(2/admin,"invalid)",
                                         R"(2["a",{"b"}])",
                                         R"(442["some","data")",
                                         R"(21e3["a"])"}) {
    EXPECT_TRUE(is_malformed(message)) << message;
  }
  EXPECT_TRUE(is_malformed(std::string_view("2[\"a\"]\0", 7)));
}

TEST_F(DecoderTest, EveryCutOfAnEventIsMalformed) {
  const std::string whole = R"(2/admin,12["a",{"b":[1.5e3,"é\u00e9"]}])";
  EXPECT_TRUE(is_event(whole));
  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_TRUE(is_malformed(std::string_view(whole).substr(0, length))) << length;
  }
}

TEST_F(DecoderTest, WhiteSpaceAroundJsonIsAllowed) {
  EXPECT_TRUE(is_event("2 [ \"a\" ] \r\n"));
  EXPECT_TRUE(is_event("212\t[\"a\"]"));
}

TEST_F(DecoderTest, EventNameMustBeAString) {
  for (const std::string_view message :
       {"2[1]", "2[1,\"a\",{}]", "2[true,\"foo\"]", "2[null,\"bar\"]", R"(2[{"toString":"foo"}])",
        "2[[\"a\"]]"}) {
    EXPECT_TRUE(is_malformed(message)) << message;
  }
  EXPECT_TRUE(is_event(R"(2[""])"));
  EXPECT_TRUE(is_event(R"(2["\ud800"])")) << "odd, but nobody's name";
}

TEST_F(DecoderTest, ReservedNamesAreNoEvents) {
  for (const std::string name : {"connect", "connect_error", "disconnect", "disconnecting",
                                 "newListener", "removeListener"}) {
    EXPECT_TRUE(is_malformed("2[\"" + name + "\"]")) << name;
    EXPECT_TRUE(is_malformed("2/admin,7[\"" + name + "\",1]")) << name;
    EXPECT_TRUE(is_malformed("50-[\"" + name + "\"]")) << name;
    EXPECT_TRUE(is_malformed("51-[\"" + name + "\"]")) << name;
    EXPECT_TRUE(is_event("2[\"" + name + "2\"]")) << name;
    EXPECT_TRUE(is_event("2[\"a\",\"" + name + "\"]")) << name;
    EXPECT_TRUE(is_event("2[\"" + name.substr(1) + "\"]")) << name;
    EXPECT_TRUE(std::holds_alternative<Ack>(text("31[\"" + name + "\"]"))) << "acks have no name";
  }
  EXPECT_TRUE(is_malformed(R"(2["disconn\u0065ct"])"));
  EXPECT_TRUE(is_malformed(R"(2["\u006eewListener"])"));
  EXPECT_TRUE(is_event(R"(2["Connect"])"));
  EXPECT_TRUE(is_event(R"(2["disconn\\u0065ct"])"));
}

TEST_F(DecoderTest, PlaceholderInAPlainEventMeansNothing) {
  EXPECT_TRUE(is_event(R"(2["a",{"_placeholder":true,"num":7}])"));
}

TEST_F(DecoderTest, Ack) {
  const std::string_view message = R"(3/admin,13["bar",{"a":1}])";
  const auto received = text(message);
  const auto& ack = std::get<Ack>(received);
  EXPECT_EQ(ack.nsp, "/admin");
  EXPECT_EQ(ack.id, 13U);
  EXPECT_EQ(ack.text, R"(["bar",{"a":1}])");
  EXPECT_EQ(ack.attachments, nullptr);
  EXPECT_TRUE(lies_within(ack.text, message));
  EXPECT_EQ(std::get<Ack>(text("312[]")).text, "[]");
  EXPECT_EQ(std::get<Ack>(text("30[null]")).id, 0U);
}

TEST_F(DecoderTest, AckNeedsAnIdAndAnArray) {
  for (const std::string_view message : {"3", "3[]", "3/admin,[]", "312", "312{}", "312\"a\"",
                                         "312null", "312[", "312[]]", "60-[]", "60-1{}"}) {
    EXPECT_TRUE(is_malformed(message)) << message;
  }
}

TEST_F(DecoderTest, ConnectErrorIsForServersOnly) {
  EXPECT_TRUE(is_malformed(R"(4{"message":"Not authorized"})"));
  EXPECT_TRUE(is_malformed("4/admin,\"x\""));
  EXPECT_TRUE(is_malformed("4"));
}

TEST_F(DecoderTest, UnknownTypesAreMalformed) {
  for (const std::string_view message : {"", "7", "9[\"a\"]", "abc", "[\"a\"]", "\x1e", "b"}) {
    EXPECT_TRUE(is_malformed(message)) << message;
  }
}

TEST_F(DecoderTest, MalformedSaysWhy) {
  EXPECT_STREQ(std::get<Malformed>(text("x")).reason, "invalid packet header");
}

TEST_F(DecoderTest, BinaryWithoutAPacketIsMalformed) {
  EXPECT_TRUE(std::holds_alternative<Malformed>(decoder_.binary("abc", scratch_, limits_)));
  Decoder other;
  EXPECT_TRUE(std::holds_alternative<Event>(other.text(R"(2["a"])", scratch_, limits_)));
  EXPECT_TRUE(std::holds_alternative<Malformed>(other.binary("", scratch_, limits_)));
}

}  // namespace
}  // namespace heliograph::socketio
