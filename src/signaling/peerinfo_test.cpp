#include "signaling/testing/service_fixture.hpp"

namespace heliograph::signaling {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class PeerinfoTest : public ServiceTest {
 protected:
  void SetUp() override { connect({"alice", "bob", "carol"}); }
};
INSTANTIATE_TEST_SUITE_P(Workers, PeerinfoTest, testing::Values(1, 3));

TEST_P(PeerinfoTest, WhereItIsAbsentItStaysAbsent) {
  gather("north", {"alice", "bob"});
  say("alice", R"(["relay-ice-candidate",{"room":"north","to":"@bob","ice_candidate":1}])");
  EXPECT_THAT(heard("bob"), ElementsAre(Not(HasSubstr("peerinfo"))));
}

TEST_P(PeerinfoTest, AnyJsonIsPeerinfo) {
  for (const char* info : {"null", "\"\"", "0", "{ }", "[ ]", "false", R"("\u0000")"}) {
    introduce("bob", info);
    const std::string room = std::string("north ") + std::to_string(node_.room_count());
    gather(room, {"alice"});
    say("bob", R"(["room-join-request",{"room":")" + room + "\"}]");
    EXPECT_THAT(heard("alice"), ElementsAre(R"(["room-join-request",{"room":")" + room +
                                            R"(","peer_id":"@bob","peerinfo":)" + info + "}]"));
  }
}

TEST_P(PeerinfoTest, AChangeIsSeenFromThenOnAndToldToNobody) {
  introduce("bob", "1");
  gather("north", {"alice", "bob"});
  introduce("bob", "2");
  EXPECT_THAT(heard("alice"), IsEmpty());

  say("bob", R"(["relay-ice-candidate",{"room":"north","to":"@alice","ice_candidate":0}])");
  EXPECT_THAT(heard("alice"), ElementsAre(HasSubstr("\"peerinfo\":2")));
  say("carol", R"(["room-join-request",{"room":"north"}])");
  say("alice", R"(["room-join-accept",{"room":"north","peer_id":"@carol"}])");
  EXPECT_THAT(heard("carol"), ElementsAre(HasSubstr(R"("peersinfo":{"@bob":2})")));
  heard("alice");
  leave("bob");
  EXPECT_THAT(heard("alice"), ElementsAre(HasSubstr("\"peerinfo\":2")));
}

TEST_P(PeerinfoTest, ACandidateMayChangeItWhileItWaits) {
  gather("north", {"alice", "bob"});
  introduce("carol", "1");
  say("carol", R"(["room-join-request",{"room":"north"}])");
  introduce("carol", "2");
  heard("alice");
  say("alice", R"(["room-join-accept",{"room":"north","peer_id":"@carol"}])");
  EXPECT_THAT(heard("alice"), ElementsAre(HasSubstr("\"peerinfo\":2")));
  EXPECT_THAT(heard("bob"), ElementsAre(HasSubstr("\"peerinfo\":2")));
}

TEST_P(PeerinfoTest, AChangeReachesEveryRoomOfThePeer) {
  gather("north", {"alice", "bob"});
  gather("south", {"carol", "bob"});
  introduce("bob", "3");
  leave("bob");
  EXPECT_THAT(heard("alice"), ElementsAre(HasSubstr("\"peerinfo\":3")));
  EXPECT_THAT(heard("carol"), ElementsAre(HasSubstr("\"peerinfo\":3")));
}

TEST_P(PeerinfoTest, NoneGivenLeavesItAsItWas) {
  introduce("bob", "1");
  gather("north", {"alice", "bob"});
  introduce("bob", "");
  say("bob", R"(["relay-ice-candidate",{"room":"north","to":"@alice","ice_candidate":0}])");
  EXPECT_THAT(heard("alice"), ElementsAre(HasSubstr("\"peerinfo\":1")));
}

TEST_P(PeerinfoTest, TheOwnersOwnIsSeenByWhoComes) {
  introduce("alice", R"({"a":1})");
  gather("north", {"alice"});
  say("bob", R"(["room-join-request",{"room":"north"}])");
  say("alice", R"(["room-join-accept",{"room":"north","peer_id":"@bob"}])");
  EXPECT_THAT(heard("bob"), ElementsAre(R"(["room-join-accept",{"room":"north","peer_id":"@bob",)"
                                        R"("peers":["@alice"],"peersinfo":{"@alice":{"a":1}}}])"));
}

}  // namespace
}  // namespace heliograph::signaling
