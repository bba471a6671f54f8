#include "engineio/session_state.hpp"

#include <gtest/gtest.h>

namespace heliograph::engineio {
namespace {

using std::chrono::milliseconds;

class SessionStateTest : public testing::Test {
 protected:
  static Packet packet(PacketType type, std::string_view data = {}) { return {type, false, data}; }
  base::TimePoint at(int ms) const { return start_ + milliseconds(ms); }

  Settings settings_{.ping_interval = milliseconds(300),
                     .ping_timeout = milliseconds(200),
                     .upgrade_timeout = milliseconds(100),
                     .max_payload = 1000};
  base::TimePoint start_{milliseconds(1'000'000)};
  SessionState polling_{Transport::kPolling, settings_, start_};
  SessionState websocket_{Transport::kWebSocket, settings_, start_};
};

TEST_F(SessionStateTest, DeliversMessages) {
  EXPECT_EQ(websocket_.on_packet(packet(PacketType::kMessage, "hello"), start_), Step::kDeliver);
}

TEST_F(SessionStateTest, ClientMayClose) {
  EXPECT_EQ(polling_.on_packet(packet(PacketType::kClose), start_), Step::kClosedByClient);
}

TEST_F(SessionStateTest, ServerPacketsFromAClientBreakTheProtocol) {
  for (const PacketType type : {PacketType::kOpen, PacketType::kPing, PacketType::kUpgrade}) {
    EXPECT_EQ(websocket_.on_packet(packet(type), start_), Step::kProtocolError);
  }
  EXPECT_EQ(websocket_.on_packet(packet(PacketType::kNoop), start_), Step::kNothing);
}

TEST_F(SessionStateTest, PingsAtTheIntervalAndAgainAfterEachPong) {
  EXPECT_EQ(websocket_.deadline(), at(300));
  EXPECT_EQ(websocket_.elapse(at(299)), Step::kNothing);
  EXPECT_EQ(websocket_.elapse(at(300)), Step::kSendPing);
  EXPECT_EQ(websocket_.deadline(), at(500));
  EXPECT_EQ(websocket_.on_packet(packet(PacketType::kPong), at(310)), Step::kAnswered);
  EXPECT_EQ(websocket_.deadline(), at(610));
  EXPECT_EQ(websocket_.elapse(at(610)), Step::kSendPing);
}

TEST_F(SessionStateTest, APingOutOfTurnTakesTheTurnOfTheNext) {
  EXPECT_TRUE(websocket_.begin_ping(at(100)));
  EXPECT_FALSE(websocket_.begin_ping(at(110)));
  EXPECT_EQ(websocket_.deadline(), at(300));
  EXPECT_EQ(websocket_.on_packet(packet(PacketType::kPong), at(150)), Step::kAnswered);
  EXPECT_EQ(websocket_.deadline(), at(450));
  EXPECT_TRUE(websocket_.begin_ping(at(200)));
  EXPECT_EQ(websocket_.elapse(at(400)), Step::kTimeout);
}

TEST_F(SessionStateTest, TimesOutWithoutPong) {
  EXPECT_EQ(polling_.elapse(at(300)), Step::kSendPing);
  EXPECT_EQ(polling_.elapse(at(499)), Step::kNothing);
  EXPECT_EQ(polling_.elapse(at(500)), Step::kTimeout);
}

TEST_F(SessionStateTest, ALatePingDoesNotLengthenTheHeartbeat) {
  EXPECT_EQ(websocket_.elapse(at(320)), Step::kSendPing);
  EXPECT_EQ(websocket_.deadline(), at(500));
}

TEST_F(SessionStateTest, AVeryLatePingLeavesTimeToAnswer) {
  EXPECT_EQ(websocket_.elapse(at(5000)), Step::kSendPing);
  EXPECT_EQ(websocket_.deadline(), at(5100));
}

TEST_F(SessionStateTest, APingThatWasDueInAStallIsSentAfterIt) {
  EXPECT_EQ(websocket_.on_stall(milliseconds(250), at(10)), Step::kNothing);
  EXPECT_EQ(websocket_.deadline(), at(50)) << "the client's clock ran on";
  EXPECT_EQ(websocket_.on_stall(milliseconds(250), at(10)), Step::kSendPing);
  EXPECT_EQ(websocket_.deadline(), at(210)) << "it has all of its time to answer";
}

TEST_F(SessionStateTest, APongThatWaitedForALongStallIsFollowedByAPing) {
  EXPECT_EQ(websocket_.elapse(at(300)), Step::kSendPing);
  EXPECT_EQ(websocket_.on_stall(milliseconds(1'000), at(310)), Step::kNothing);
  EXPECT_EQ(websocket_.deadline(), at(500)) << "the stall does not count against the client";
  EXPECT_EQ(websocket_.on_packet(packet(PacketType::kPong), at(310)), Step::kAnswered);
  EXPECT_EQ(websocket_.elapse(at(310)), Step::kSendPing);
  EXPECT_EQ(websocket_.on_packet(packet(PacketType::kPong), at(320)), Step::kAnswered);
  EXPECT_EQ(websocket_.deadline(), at(620));
}

TEST_F(SessionStateTest, AShortStallMakesNoPings) {
  EXPECT_EQ(websocket_.elapse(at(300)), Step::kSendPing);
  EXPECT_EQ(websocket_.on_stall(milliseconds(90), at(310)), Step::kNothing);
  EXPECT_EQ(websocket_.on_packet(packet(PacketType::kPong), at(310)), Step::kAnswered);
  EXPECT_EQ(websocket_.deadline(), at(610));
}

TEST_F(SessionStateTest, APongThatNobodyAskedForChangesNothing) {
  EXPECT_EQ(websocket_.on_packet(packet(PacketType::kPong), at(290)), Step::kNothing);
  EXPECT_EQ(websocket_.deadline(), at(300));
}

TEST_F(SessionStateTest, UpgradesInTwoSteps) {
  ASSERT_TRUE(polling_.begin_probe(start_));
  EXPECT_FALSE(polling_.is_upgrading());
  EXPECT_EQ(polling_.on_probe_packet(packet(PacketType::kPing, "probe")), Step::kAnswerProbe);
  EXPECT_TRUE(polling_.is_upgrading());
  EXPECT_EQ(polling_.transport(), Transport::kPolling);
  EXPECT_EQ(polling_.on_probe_packet(packet(PacketType::kUpgrade)), Step::kUpgrade);
  EXPECT_EQ(polling_.transport(), Transport::kWebSocket);
  EXPECT_FALSE(polling_.is_probing());
}

TEST_F(SessionStateTest, OnlyAPollingSessionIsUpgradedAndOnlyByOneWebSocket) {
  EXPECT_FALSE(websocket_.begin_probe(start_));
  EXPECT_TRUE(polling_.begin_probe(start_));
  EXPECT_FALSE(polling_.begin_probe(start_));
  polling_.end_probe();
  EXPECT_TRUE(polling_.begin_probe(start_));
}

TEST_F(SessionStateTest, AnythingElseOverTheProbeEndsItAndNotTheSession) {
  for (const Packet& wrong :
       {packet(PacketType::kMessage, "x"), packet(PacketType::kUpgrade),
        packet(PacketType::kPing, "other"), packet(PacketType::kPong, "probe")}) {
    ASSERT_TRUE(polling_.begin_probe(start_));
    EXPECT_EQ(polling_.on_probe_packet(wrong), Step::kEndProbe);
    polling_.end_probe();
    EXPECT_EQ(polling_.on_packet(packet(PacketType::kMessage), start_), Step::kDeliver);
  }
}

TEST_F(SessionStateTest, AProbeThatTakesTooLongIsEnded) {
  ASSERT_TRUE(polling_.begin_probe(start_));
  EXPECT_EQ(polling_.deadline(), at(100));
  EXPECT_EQ(polling_.elapse(at(100)), Step::kEndProbe);
  polling_.end_probe();
  EXPECT_EQ(polling_.deadline(), at(300));
}

}  // namespace
}  // namespace heliograph::engineio
