#include "signaling/testing/service_fixture.hpp"

namespace heliograph::signaling {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class KickTest : public MeetingTest {};
INSTANTIATE_TEST_SUITE_P(Workers, KickTest, testing::Values(1, 3));

TEST_P(KickTest, WhoIsTakenOutIsToldSoAndTheOthersSeeItLeave) {
  introduce("bob", R"("Bob")");
  EXPECT_EQ(ask("alice", R"(["room-kick-request",{"room":"north","peer_id":"@bob","payload":7}])"),
            kOk);
  EXPECT_THAT(heard("bob"),
              ElementsAre(R"(["room-kick",{"room":"north","peer_id":"@bob",)"
                          R"("message":"An owner of the room has taken you out of it",)"
                          R"("payload":7}])"));
  const std::string left = R"(["room-user-leave",{"room":"north","peer_id":"@bob",)"
                           R"("peerinfo":"Bob","payload":7}])";
  EXPECT_THAT(heard("alice"), ElementsAre(left));
  EXPECT_THAT(heard("carol"), ElementsAre(left));
  EXPECT_THAT(heard("dave"), IsEmpty());
}

TEST_P(KickTest, WhoWasTakenOutMayNeitherSendNorBeSentTo) {
  say("alice", R"(["room-kick-request",{"room":"north","to":"@bob"}])");
  EXPECT_THAT(
      ask("bob", R"(["relay-ice-candidate",{"room":"north","to":"@alice","ice_candidate":1}])"),
      HasSubstr("not-in-room"));
  EXPECT_THAT(
      ask("alice", R"(["relay-ice-candidate",{"room":"north","to":"@bob","ice_candidate":1}])"),
      HasSubstr("peer-not-in-room"));
}

// The answer to the first request may have been lost.
TEST_P(KickTest, IsGrantedTwice) {
  EXPECT_EQ(ask("alice", R"(["room-kick-request",{"room":"north","to":"@bob"}])"), kOk);
  listen("carol");
  EXPECT_EQ(ask("alice", R"(["room-kick-request",{"room":"north","to":"@bob","ban":true}])"), kOk);
  EXPECT_THAT(heard("carol"), IsEmpty());
  EXPECT_THAT(ask("bob", R"(["room-join-request",{"room":"north"}])"), HasSubstr("banned"));
  EXPECT_THAT(ask("alice", R"(["room-kick-request",{"room":"north","to":"@dave"}])"),
              HasSubstr("peer-not-in-room"));
}

TEST_P(KickTest, WhoWasTakenOutMayAskAgain) {
  say("alice", R"(["room-kick-request",{"room":"north","to":"@bob"}])");
  heard("alice");
  say("bob", R"(["room-join-request",{"room":"north"}])");
  EXPECT_THAT(heard("alice"),
              ElementsAre(R"(["room-join-request",{"room":"north","peer_id":"@bob"}])"));
}

TEST_P(KickTest, WhoWasBannedMayNot) {
  EXPECT_EQ(ask("alice", R"(["room-kick-request",{"room":"north","to":"@bob","ban":true}])"), kOk);
  listen("alice");
  EXPECT_EQ(ask("bob", R"(["room-join-request",{"room":"north"}])"),
            refusal("banned", "You may not come back into this room"));
  EXPECT_THAT(heard("bob"), ElementsAre(HasSubstr("room-kick"), HasSubstr("room-join-reject")));
  EXPECT_THAT(heard("alice"), IsEmpty());
}

TEST_P(KickTest, ABanEndsWithTheRoom) {
  say("alice", R"(["room-kick-request",{"room":"north","to":"@bob","ban":true}])");
  leave("alice");
  leave("carol");
  say("dave", R"(["room-create-request",{"room":"north"}])");
  EXPECT_THAT(ask("bob", R"(["room-join-request",{"room":"north"}])"), HasSubstr("\"ok\":true"));
}

TEST_P(KickTest, OfACandidateIsARejection) {
  say("dave", R"(["room-join-request",{"room":"north"}])");
  listen("alice");
  EXPECT_EQ(ask("alice", R"(["room-kick-request",{"room":"north","to":"@dave"}])"), kOk);
  EXPECT_THAT(heard("dave"), ElementsAre(HasSubstr("Room owner was rejected your request")));
  EXPECT_THAT(heard("alice"), IsEmpty());
  EXPECT_THAT(ask("dave", R"(["room-join-request",{"room":"north"}])"), HasSubstr("\"ok\":true"));
  EXPECT_EQ(ask("alice", R"(["room-kick-request",{"room":"north","to":"@dave","ban":true}])"), kOk);
  EXPECT_THAT(heard("dave"), ElementsAre(HasSubstr("You may not come back into this room")));
  EXPECT_THAT(ask("dave", R"(["room-join-request",{"room":"north"}])"), HasSubstr("banned"));
}

TEST_P(KickTest, IsForOwnersAndForOthersThanOneself) {
  const auto kick = [&](const std::string& by, const std::string& room, const std::string& whom) {
    return ask(by, R"(["room-kick-request",{"room":")" + room + R"(","to":")" + whom + R"("}])");
  };
  EXPECT_THAT(kick("bob", "north", "@carol"), HasSubstr("\"not-owner\""));
  EXPECT_THAT(kick("dave", "north", "@carol"), HasSubstr("\"not-owner\""));
  EXPECT_THAT(kick("alice", "south", "@carol"), HasSubstr("\"room-not-found\""));
  EXPECT_THAT(kick("alice", "north", "@dave"), HasSubstr("\"peer-not-in-room\""));
  EXPECT_THAT(kick("alice", "north", "nobody"), HasSubstr("\"peer-not-in-room\""));
  EXPECT_THAT(kick("alice", "north", "@alice"), HasSubstr("\"invalid-arguments\""));
  for (const char* peer : {"alice", "bob", "carol", "dave"}) {
    EXPECT_THAT(heard(peer), IsEmpty()) << peer;
  }
}

}  // namespace
}  // namespace heliograph::signaling
