#include "gateway/connect.hpp"

#include <chrono>
#include <string>

#include <gtest/gtest.h>

namespace heliograph::gateway {
namespace {

json::Outline outline(std::string_view payload) {
  json::Outline outline;
  EXPECT_EQ(outline.parse(payload, json::kMaxDepth), json::Status::kOk);
  return outline;
}

TEST(Connect, FieldsAreStrings) {
  const json::Outline payload = outline(R"({"token":"a\u0062c","pid":7})");
  EXPECT_EQ(connect_field(payload, "token"), "abc");
  EXPECT_EQ(connect_field(payload, "pid"), "");
  EXPECT_EQ(connect_field(payload, "offset"), "");
}

TEST(Connect, AsksForRecoveryByTrueOnly) {
  EXPECT_TRUE(asks_for_recovery(outline(R"({"recovery":true})")));
  EXPECT_FALSE(asks_for_recovery(outline(R"({"recovery":"true"})")));
  EXPECT_FALSE(asks_for_recovery(outline(R"({"recovery":false})")));
  EXPECT_FALSE(asks_for_recovery(outline("{}")));
}

TEST(Connect, AnswerTellsThePeerAndItsPidIfItHasOne) {
  const signaling::PeerId peer{.home = {.node = 1, .worker = 2}, .slot = 3, .nonce = 4};
  const std::string id{std::string_view(signaling::PeerIdText(peer))};
  EXPECT_EQ(connect_answer(peer, {}), R"(0{"sid":")" + id + "\"}");
  EXPECT_EQ(connect_answer(peer, "p"), R"(0{"sid":")" + id + R"(","pid":"p"})");
}

TEST(Connect, ErrorTellsItsCodeAndHowLongToWait) {
  const signaling::ErrorText error{.code = "code", .message = "A \"message\""};
  EXPECT_EQ(connect_error("/", error), R"(4{"message":"A \"message\"","data":{"code":"code"}})");
  EXPECT_EQ(connect_error("/other", error, std::chrono::milliseconds(1500)),
            R"(4/other,{"message":"A \"message\"","data":{"code":"code","retry_after_ms":1500}})");
}

}  // namespace
}  // namespace heliograph::gateway
