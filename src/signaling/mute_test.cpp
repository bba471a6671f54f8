#include "signaling/testing/service_fixture.hpp"

namespace heliograph::signaling {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class MuteTest : public MeetingTest {
 protected:
  std::string mute(const std::string& by, const std::string& room, const std::string& peer) {
    return ask(by, R"(["room-mute-request",{"room":")" + room + R"(","peer_id":")" + peer +
                       R"(","kind":"audio"}])");
  }
};
INSTANTIATE_TEST_SUITE_P(Workers, MuteTest, testing::Values(1, 3));

TEST_P(MuteTest, OnlyTheMemberHearsThatAnOwnerAsksAndWhatItIsToMute) {
  EXPECT_EQ(ask("alice", R"(["room-mute-request",{"room":"north","peer_id":"@bob","kind":"audio",)"
                         R"("payload":{"why":"noise"}}])"),
            kOk);
  EXPECT_EQ(ask("alice", R"(["room-mute-request",{"room":"north","to":"@bob","kind":"video"}])"),
            kOk);
  EXPECT_THAT(
      heard("bob"),
      ElementsAre(
          R"(["room-mute",{"room":"north","peer_id":"@alice","kind":"audio","payload":{"why":"noise"}}])",
          R"(["room-mute",{"room":"north","peer_id":"@alice","kind":"video"}])"));
  for (const char* other : {"alice", "carol", "dave"}) {
    EXPECT_THAT(heard(other), IsEmpty()) << other;
  }
}

TEST_P(MuteTest, ChangesNothingAboutTheMember) {
  mute("alice", "north", "@bob");
  EXPECT_EQ(ask("bob", R"(["relay-message",{"room":"north","to":"@alice","data":1}])"), kOk);
  EXPECT_THAT(mute("bob", "north", "@carol"), HasSubstr("\"not-owner\""));
}

TEST_P(MuteTest, IsRefusedToOthersThanOwnersAndAboutOthersThanMembers) {
  say("dave", R"(["room-join-request",{"room":"north"}])");
  for (const char* peer : {"alice", "bob", "carol", "dave"}) listen(peer);
  EXPECT_THAT(mute("bob", "north", "@carol"), HasSubstr("\"not-owner\""));
  EXPECT_THAT(mute("dave", "north", "@carol"), HasSubstr("\"not-owner\""));
  EXPECT_THAT(mute("alice", "south", "@carol"), HasSubstr("\"room-not-found\""));
  EXPECT_THAT(mute("alice", "north", "@dave"), HasSubstr("\"peer-not-in-room\""));
  EXPECT_THAT(mute("alice", "north", "nobody"), HasSubstr("\"peer-not-in-room\""));
  EXPECT_THAT(mute("alice", "north", "@alice"), HasSubstr("\"invalid-arguments\""));
  EXPECT_THAT(ask("alice", R"(["room-mute-request",{"room":"north","to":"@bob","kind":"screen"}])"),
              HasSubstr("\"field\":\"kind\""));
  for (const char* peer : {"alice", "bob", "carol", "dave"}) {
    EXPECT_THAT(heard(peer), IsEmpty()) << peer;
  }
}

}  // namespace
}  // namespace heliograph::signaling
