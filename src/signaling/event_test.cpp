#include "signaling/event.hpp"

#include <string>

#include <gtest/gtest.h>

namespace heliograph::signaling {
namespace {

TEST(EventWriter, WritesFieldsInTheOrderOfTheCalls) {
  std::string out;
  EventWriter(out, "ice-candidate")
      .text("room", "north")
      .id("peer_id", PeerId{})
      .raw("ice_candidate", "null")
      .optional_raw("peerinfo", R"({"login":"alice"})")
      .end();
  EXPECT_EQ(out, R"(["ice-candidate",{"room":"north","peer_id":"AAAAAAAAAAAAAAAAAAAA",)"
                 R"("ice_candidate":null,"peerinfo":{"login":"alice"}}])");
}

TEST(EventWriter, WhatIsAbsentStaysAbsent) {
  std::string out;
  EventWriter(out, "room-create-accept").optional_raw("payload", {}).text("room", "").end();
  EXPECT_EQ(out, R"(["room-create-accept",{"room":""}])");
}

TEST(EventWriter, WithoutFieldsTheObjectIsEmpty) {
  std::string out;
  EventWriter(out, "nothing").end();
  EXPECT_EQ(out, R"(["nothing",{}])");
}

TEST(EventWriter, AppendsToWhatIsThere) {
  std::string out = "42";
  EventWriter(out, "e").raw("x", "1").end();
  EXPECT_EQ(out, R"(42["e",{"x":1}])");
}

TEST(EventWriter, EscapesTextAndLeavesRawJsonAlone) {
  std::string out;
  EventWriter(out, "e")
      .text("room", std::string_view("\"\\\n\0\x1f</é", 9))
      .raw("data", "{ \"b\" : 1.0e+2,\n\t\"a\":\"\\u00e9\\/\" }")
      .end();
  EXPECT_EQ(out,
            "[\"e\",{\"room\":\"\\\"\\\\\\n\\u0000\\u001f</é\","
            "\"data\":{ \"b\" : 1.0e+2,\n\t\"a\":\"\\u00e9\\/\" }}]");
}

TEST(Acknowledgement, SaysOkAndWhatWasMade) {
  EXPECT_EQ(ok_arguments(), R"([{"ok":true}])");
  EXPECT_EQ(ok_arguments("room", "a \"quoted\" room"),
            R"([{"ok":true,"room":"a \"quoted\" room"}])");
}

TEST(Acknowledgement, SaysWhatWasWrong) {
  EXPECT_EQ(error_arguments(Error::kRoomNotFound),
            R"([{"ok":false,"error":{"code":"room-not-found","message":"Room is not found."}}])");
}

TEST(MessageEvent, TellsTheMessageAndGivesThePayloadBack) {
  EXPECT_EQ(message_event("unauthorized", Error::kUnauthorized, {}),
            R"(["unauthorized",{"message":"Token is not valid"}])");
  EXPECT_EQ(message_event("auth-reject", Error::kUnauthorized, R"({"n": 1})"),
            R"(["auth-reject",{"message":"Token is not valid","payload":{"n": 1}}])");
}

}  // namespace
}  // namespace heliograph::signaling
