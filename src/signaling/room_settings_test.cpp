#include "signaling/testing/service_fixture.hpp"

namespace heliograph::signaling {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class RoomSettingsTest : public ServiceTest {
 protected:
  // Alice owns the room `north`, Bob is in it, Carol, Dave and Eve have nothing to do with it.
  void SetUp() override {
    connect({"alice", "bob", "carol", "dave", "eve"});
    gather("north", {"alice", "bob"});
  }

  std::string change(const std::string& settings, const std::string& by = "alice") {
    std::string event = R"(["room-update-request",{"room":"north",)";
    return ask(by, event.append(settings).append("}]"));
  }
  std::string join(const std::string& name, std::string_view fields = {}) {
    std::string event = R"(["room-join-request",{"room":"north")";
    return ask(name, event.append(fields).append("}]"));
  }
};
INSTANTIATE_TEST_SUITE_P(Workers, RoomSettingsTest, testing::Values(1, 3));

TEST_P(RoomSettingsTest, AllMembersAreToldOfAChange) {
  EXPECT_EQ(change(R"("locked":true,"capacity":5,"payload":"p")"),
            R"([{"ok":true,"locked":true,"capacity":5,"admission":"owner"}])");
  const std::string event = R"(["room-update",{"room":"north","locked":true,"capacity":5,)"
                            R"("admission":"owner","payload":"p"}])";
  EXPECT_THAT(heard("alice"), ElementsAre(event));
  EXPECT_THAT(heard("bob"), ElementsAre(event));
  EXPECT_THAT(heard("carol"), IsEmpty());
}

TEST_P(RoomSettingsTest, WhatIsLeftOutStaysAsItWas) {
  change(R"("locked":true,"capacity":5)");
  EXPECT_EQ(change(R"("admission":"open")"),
            R"([{"ok":true,"locked":true,"capacity":5,"admission":"open"}])");
  EXPECT_EQ(change(R"("capacity":null)"),
            R"([{"ok":true,"locked":true,"capacity":null,"admission":"open"}])");
}

TEST_P(RoomSettingsTest, ThePasswordIsToldToNobody) {
  EXPECT_EQ(change(R"("admission":"password","password":"swordfish")"),
            R"([{"ok":true,"locked":false,"capacity":null,"admission":"password"}])");
  for (const char* member : {"alice", "bob"}) {
    EXPECT_THAT(heard(member), ElementsAre(testing::Not(HasSubstr("swordfish")))) << member;
  }
}

TEST_P(RoomSettingsTest, OnlyAnOwnerChangesThem) {
  EXPECT_THAT(change(R"("locked":true)", "bob"), HasSubstr("\"not-owner\""));
  EXPECT_THAT(change(R"("locked":true)", "carol"), HasSubstr("\"not-owner\""));
  EXPECT_THAT(ask("alice", R"(["room-update-request",{"room":"south","locked":true}])"),
              HasSubstr("\"room-not-found\""));
  EXPECT_THAT(heard("alice"), IsEmpty());
  EXPECT_THAT(join("carol"), HasSubstr("\"ok\":true"));
}

TEST_P(RoomSettingsTest, OfTheWrongTypeTheyAreRefusedAsAWhole) {
  for (const char* settings :
       {R"("locked":1)", R"("capacity":0)", R"("capacity":-1)", R"("capacity":"9")",
        R"("capacity":4294967296)", R"("admission":"closed")", R"("admission":true)",
        R"("password":"")", R"("password":7)", R"("locked":true,"capacity":1.5)",
        R"("admission":"password")"}) {
    EXPECT_THAT(change(settings), HasSubstr("\"invalid-arguments\"")) << settings;
  }
  EXPECT_THAT(change(R"("password":")" + std::string(257, 'x') + '"'),
              HasSubstr("\"invalid-arguments\""));
  EXPECT_THAT(change(R"("password":")" + std::string(256, 'x') + '"'), HasSubstr("\"ok\":true"));
  EXPECT_THAT(join("carol"), HasSubstr("\"ok\":true"));
}

TEST_P(RoomSettingsTest, ALockedRoomTakesNoNewRequestButThoseThatWaitMayBeLetIn) {
  join("carol");
  change(R"("locked":true)");
  EXPECT_EQ(join("dave"), refusal("room-locked", "The room is locked"));
  EXPECT_THAT(
      heard("dave"),
      ElementsAre(R"(["room-join-reject",{"message":"The room is locked","code":"room-locked"}])"));
  EXPECT_EQ(ask("alice", R"(["room-join-accept",{"room":"north","to":"@carol"}])"), kOk);
  change(R"("locked":false)");
  EXPECT_THAT(join("dave"), HasSubstr("\"ok\":true"));
}

TEST_P(RoomSettingsTest, AFullRoomTakesNobody) {
  join("carol");
  join("dave");
  change(R"("capacity":3)");
  EXPECT_EQ(ask("alice", R"(["room-join-accept",{"room":"north","to":"@carol"}])"), kOk);
  EXPECT_EQ(ask("alice", R"(["room-join-accept",{"room":"north","to":"@dave"}])"),
            refusal("room-full", "The room is full"));
  EXPECT_EQ(join("eve"), refusal("room-full", "The room is full"));
  leave("bob");
  EXPECT_EQ(ask("alice", R"(["room-join-accept",{"room":"north","to":"@dave"}])"), kOk);
}

TEST_P(RoomSettingsTest, ACapacityBelowTheMembersSendsNobodyAway) {
  change(R"("capacity":1)");
  listen("bob");
  EXPECT_THAT(join("carol"), HasSubstr("\"room-full\""));
  EXPECT_EQ(
      ask("bob", R"(["relay-ice-candidate",{"room":"north","to":"@alice","ice_candidate":1}])"),
      kOk);
}

TEST_P(RoomSettingsTest, IntoAnOpenRoomOneGoesWithoutAsking) {
  change(R"("admission":"open")");
  listen("alice"), listen("bob");
  introduce("carol", R"("Carol")");
  EXPECT_EQ(join("carol", R"(,"payload":3)"), R"([{"ok":true,"room":"north"}])");
  EXPECT_THAT(heard("carol"),
              ElementsAre(R"(["room-join-accept",{"room":"north","peer_id":"@carol",)"
                          R"("peers":["@alice","@bob"],"peersinfo":{},"payload":3}])"));
  const std::string joined = R"(["room-user-join",{"room":"north","peer_id":"@carol",)"
                             R"("peerinfo":"Carol","payload":3}])";
  EXPECT_THAT(heard("alice"), ElementsAre(joined));
  EXPECT_THAT(heard("bob"), ElementsAre(joined));
  EXPECT_EQ(
      ask("carol", R"(["relay-ice-candidate",{"room":"north","to":"@bob","ice_candidate":1}])"),
      kOk);
}

TEST_P(RoomSettingsTest, WhoeverWaitsComesInWhenTheRoomOpensAsFarAsThereIsRoom) {
  for (const char* name : {"carol", "dave", "eve"}) join(name);
  for (const char* name : {"alice", "bob", "carol", "dave", "eve"}) listen(name);
  change(R"("capacity":4,"admission":"open")");
  EXPECT_THAT(heard("alice"),
              ElementsAre(HasSubstr("room-update"), HasSubstr("room-user-join\",{\"room\":\"north"),
                          R"(["room-user-join",{"room":"north","peer_id":"@dave"}])"));
  EXPECT_THAT(heard("carol"),
              ElementsAre(HasSubstr("room-join-accept"), HasSubstr("room-user-join")));
  EXPECT_THAT(heard("dave"), ElementsAre(HasSubstr(R"("peers":["@alice","@bob","@carol"])")));
  EXPECT_THAT(heard("eve"), IsEmpty());
  leave("bob");
  EXPECT_THAT(join("eve"), HasSubstr("\"ok\":true"));
  EXPECT_THAT(heard("eve"), ElementsAre(HasSubstr("room-join-accept")));
  EXPECT_THAT(heard("alice"),
              ElementsAre(HasSubstr("room-user-leave"), HasSubstr("room-join-cancel"),
                          HasSubstr("room-user-join")));
  wait(std::chrono::hours(1));
  EXPECT_THAT(heard("eve"), IsEmpty());
}

TEST_P(RoomSettingsTest, APasswordOpensTheRoomForWhoKnowsIt) {
  change(R"("admission":"password","password":"swordfish")");
  listen("alice");
  const auto refused = refusal("wrong-password", "The password of the room is another one");
  EXPECT_EQ(join("carol"), refused);
  EXPECT_EQ(join("carol", R"(,"password":"catfish")"), refused);
  EXPECT_EQ(join("carol", R"(,"password":"")"), refused);
  EXPECT_THAT(join("carol", R"(,"password":5)"), HasSubstr("\"invalid-arguments\""));
  EXPECT_THAT(heard("alice"), IsEmpty());
  listen("carol");
  EXPECT_THAT(join("carol", R"(,"password":"swordf\u0069sh")"), HasSubstr("\"ok\":true"));
  EXPECT_THAT(heard("carol"), ElementsAre(HasSubstr("room-join-accept")));
}

TEST_P(RoomSettingsTest, MembersMayAskWhatTheRoomIsLike) {
  change(R"("capacity":9)");
  EXPECT_EQ(ask("bob", R"(["room-info-request",{"room":"north"}])"),
            R"([{"ok":true,"room":"north","owners":["@alice"],"peers":["@alice","@bob"],)"
            R"("locked":false,"capacity":9,"admission":"owner"}])");
  EXPECT_THAT(ask("carol", R"(["room-info-request",{"room":"north"}])"),
              HasSubstr("\"not-in-room\""));
  join("carol");
  EXPECT_THAT(ask("carol", R"(["room-info-request",{"room":"north"}])"),
              HasSubstr("\"not-in-room\""));
  EXPECT_THAT(ask("alice", R"(["room-info-request",{"room":"south"}])"),
              HasSubstr("\"not-in-room\""));
}

}  // namespace
}  // namespace heliograph::signaling
