#include <fmt/format.h>

#include "signaling/testing/service_fixture.hpp"

namespace heliograph::signaling {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class RoomCreationTest : public ServiceTest {};
INSTANTIATE_TEST_SUITE_P(Workers, RoomCreationTest, testing::Values(1, 3));

const std::string kTaken =
    refusal("room-taken",
            "Room already taken someone else. Please type another room name or stay it blank.");

TEST_P(RoomCreationTest, TheCreatorIsAccepted) {
  connect({"alice"});
  EXPECT_EQ(ask("alice", R"(["room-create-request",{"room":"north"}])"),
            R"([{"ok":true,"room":"north"}])");
  EXPECT_THAT(heard("alice"), ElementsAre(R"(["room-create-accept",{"room":"north"}])"));
  EXPECT_EQ(node_.room_count(), 1U);
}

TEST_P(RoomCreationTest, WhoAsksForNoAcknowledgementGetsNone) {
  connect({"alice"});
  say("alice", R"(["room-create-request",{"room":"north"}])");
  say("alice", R"(["room-create-request",{"room":"north"}])");
  for (const Heard& heard : listen("alice")) EXPECT_FALSE(heard.ack) << heard.arguments;
}

TEST_P(RoomCreationTest, ThePayloadComesBackByteForByte) {
  connect({"alice", "bob"});
  say("alice",
      R"(["room-create-request",{"room":"north","payload":{ "b" : 1.0, "a":"\u00e9\/" }}])");
  EXPECT_THAT(heard("alice"),
              ElementsAre(R"(["room-create-accept",)"
                          R"({"room":"north","payload":{ "b" : 1.0, "a":"\u00e9\/" }}])"));
  say("bob", R"(["room-create-request",{"room":"north","payload":null}])");
  EXPECT_THAT(heard("bob"),
              ElementsAre(R"(["room-create-reject",{"message":"Room already taken someone else. )"
                          R"(Please type another room name or stay it blank.","payload":null}])"));
}

TEST_P(RoomCreationTest, ARoomWithoutANameGetsOne) {
  connect({"alice"});
  EXPECT_EQ(ask("alice", R"(["room-create-request",{}])"), R"([{"ok":true,"room":"made-up-1"}])");
  EXPECT_EQ(ask("alice", R"(["room-create-request",{"room":""}])"),
            R"([{"ok":true,"room":"made-up-2"}])");
  EXPECT_EQ(ask("alice", R"(["room-create-request",{"room":null}])"),
            R"([{"ok":true,"room":"made-up-3"}])");
  EXPECT_THAT(heard("alice"), ElementsAre(R"(["room-create-accept",{"room":"made-up-1"}])",
                                          R"(["room-create-accept",{"room":"made-up-2"}])",
                                          R"(["room-create-accept",{"room":"made-up-3"}])"));
}

TEST_P(RoomCreationTest, ATakenNameIsRejected) {
  connect({"alice", "bob"});
  gather("north", {"alice"});
  EXPECT_EQ(ask("bob", R"(["room-create-request",{"room":"north"}])"), kTaken);
  EXPECT_THAT(heard("bob"),
              ElementsAre(R"(["room-create-reject",{"message":"Room already taken someone else. )"
                          R"(Please type another room name or stay it blank."}])"));
  EXPECT_THAT(heard("alice"), IsEmpty());
  EXPECT_EQ(node_.room_count(), 1U);
}

TEST_P(RoomCreationTest, AMemberThatCreatesTheRoomIsRejectedAndStaysAMember) {
  connect({"alice", "bob"});
  gather("north", {"alice", "bob"});
  EXPECT_EQ(ask("bob", R"(["room-create-request",{"room":"north"}])"), kTaken);
  EXPECT_EQ(
      ask("bob", R"(["relay-ice-candidate",{"room":"north","to":"@alice","ice_candidate":1}])"),
      kOk);
  EXPECT_EQ(
      ask("alice", R"(["relay-ice-candidate",{"room":"north","to":"@bob","ice_candidate":1}])"),
      kOk);
}

TEST_P(RoomCreationTest, ACandidateThatTriesToCreateTheRoomStaysACandidate) {
  connect({"alice", "bob"});
  gather("north", {"alice"});
  say("bob", R"(["room-join-request",{"room":"north"}])");
  EXPECT_EQ(ask("bob", R"(["room-create-request",{"room":"north"}])"), kTaken);
  EXPECT_EQ(ask("alice", R"(["room-join-accept",{"room":"north","peer_id":"@bob"}])"), kOk);
  EXPECT_THAT(heard("bob"), testing::Contains(testing::HasSubstr("room-join-accept")));
}

TEST_P(RoomCreationTest, OfTwoCreatorsAtTheSameInstantExactlyOneIsAccepted) {
  connect({"alice", "bob", "carol"});
  for (const char* name : {"alice", "bob", "carol"}) {
    node_.emit(name, R"(["room-create-request",{"room":"north"}])");
  }
  node_.settle();
  std::size_t accepted = 0;
  for (const char* name : {"alice", "bob", "carol"}) {
    const auto events = heard(name);
    ASSERT_EQ(events.size(), 1U) << name;
    if (events[0] == R"(["room-create-accept",{"room":"north"}])") ++accepted;
  }
  EXPECT_EQ(accepted, 1U);
  EXPECT_EQ(node_.room_count(), 1U);
}

TEST_P(RoomCreationTest, TheNameOfARoomThatIsGoneIsFree) {
  connect({"alice", "bob"});
  gather("north", {"alice"});
  leave("alice");
  EXPECT_EQ(node_.room_count(), 0U);
  EXPECT_EQ(ask("bob", R"(["room-create-request",{"room":"north"}])"),
            R"([{"ok":true,"room":"north"}])");
}

TEST_P(RoomCreationTest, AnyTextThatCanBeSeenIsAName) {
  connect({"alice", "bob"});
  for (const char* name : {R"("a \"quoted\" room")", R"("back\\slash")", "\"<script>\"", "\"é🚀\"",
                           "\" \"", "\"__proto__\"", R"("[\"x\",{}]")"}) {
    const std::string create = std::string(R"(["room-create-request",{"room":)") + name + "}]";
    const std::string join = std::string(R"(["room-join-request",{"room":)") + name + "}]";
    const std::string ok = std::string(R"([{"ok":true,"room":)") + name + "}]";
    EXPECT_EQ(ask("alice", create), ok);
    EXPECT_EQ(ask("bob", create), kTaken);
    heard("alice");
    EXPECT_EQ(ask("bob", join), ok);
    EXPECT_THAT(heard("alice"), ElementsAre(std::string(R"(["room-join-request",{"room":)") + name +
                                            R"(,"peer_id":"@bob"}])"));
  }
}

TEST_P(RoomCreationTest, HiddenCharactersAreNoPartOfAName) {
  connect({"alice"});
  const std::string problem =
      R"(\"room\" must not hold control characters or marks that change the direction of text)";
  const std::string refused = R"([{"ok":false,"error":{"code":"invalid-arguments","message":")" +
                              problem + R"(","field":"room"}}])";
  for (const std::string name : {"\\u0000", "nul\\u0000 inside", "line\\nbreak", "\\u007f", "\x7f",
                                 "\\u0085", "\u0085", "\\u202e", "a\u202e", "\\u2066", "\u2069"}) {
    for (const std::string event : {"create", "join"}) {
      const std::string_view code = event == "join" ? R"("code":"invalid-arguments",)" : "";
      const std::string reject = fmt::format(
          R"(["room-{}-reject",{{"message":"{}",{}"payload":1}}])", event, problem, code);
      const std::string request =
          fmt::format(R"(["room-{}-request",{{"room":"{}","payload":1}}])", event, name);
      EXPECT_EQ(ask("alice", request), refused) << name;
      EXPECT_THAT(heard("alice"), ElementsAre(reject));
      say("alice", request);
      EXPECT_THAT(heard("alice"), ElementsAre(reject));
    }
    EXPECT_EQ(ask("alice", R"(["room-leave-request",{"room":")" + name + "\"}]"),
              refusal("not-in-room", "You are not in this room"))
        << "there is none";
  }
  EXPECT_EQ(node_.room_count(), 0U);
}

TEST_P(RoomCreationTest, NamesThatDifferInAByteAreDifferentRooms) {
  connect({"alice", "bob"});
  for (const char* name : {"north", "North", "north ", "e\\u0301", "\\u00e9"}) {
    const std::string create = std::string(R"(["room-create-request",{"room":")") + name + "\"}]";
    EXPECT_THAT(ask("alice", create), testing::StartsWith(R"([{"ok":true)")) << name;
  }
  EXPECT_EQ(ask("bob", R"(["room-create-request",{"room":"nort\u0068"}])"), kTaken);
  EXPECT_EQ(node_.room_count(), 5U);
}

// The seed's server kept all of these in one space, so that one could stand in for another.
TEST_P(RoomCreationTest, ARoomNamedAsAPeerOrAsAnotherRoomsOwnersIsJustARoom) {
  connect({"alice", "bob", "carol"});
  gather("north", {"alice", "bob"});
  for (const char* name : {"@alice", "north:owners", "north_owner", "owner", "owners:north"}) {
    EXPECT_THAT(ask("carol", std::string(R"(["room-create-request",{"room":")") + name + "\"}]"),
                testing::StartsWith(R"([{"ok":true)"));
  }
  EXPECT_THAT(heard("alice"), IsEmpty());
  say("bob", R"(["relay-ice-candidate",{"room":"north","to":"@alice","ice_candidate":1}])");
  EXPECT_THAT(
      heard("alice"),
      ElementsAre(R"(["ice-candidate",{"room":"north","peer_id":"@bob","ice_candidate":1}])"));
  EXPECT_EQ(ask("carol", R"(["room-join-accept",{"room":"north","peer_id":"@carol"}])"),
            refusal("not-owner", "Only an owner of the room may do this"));
}

TEST_P(RoomCreationTest, APeerMayHaveSeveralRooms) {
  connect({"alice", "bob"});
  gather("north", {"alice", "bob"});
  gather("south", {"alice", "bob"});
  gather("east", {"bob", "alice"});
  EXPECT_EQ(node_.room_count(), 3U);
  leave("alice");
  EXPECT_EQ(node_.room_count(), 3U);
  leave("bob");
  EXPECT_EQ(node_.room_count(), 0U);
}

// A client sends a request again if it has not heard the answer.
TEST_P(RoomCreationTest, ItsOwnerMayCreateARoomAgainAndItStaysAsItIs) {
  connect({"alice", "bob"});
  gather("north", {"alice", "bob"});
  say("alice", R"(["room-update-request",{"room":"north","locked":true}])");
  heard("alice");
  heard("bob");
  EXPECT_EQ(ask("alice", R"(["room-create-request",{"room":"north","payload":1}])"),
            R"([{"ok":true,"room":"north"}])");
  EXPECT_THAT(heard("alice"),
              ElementsAre(R"(["room-create-accept",{"room":"north","payload":1}])"));
  EXPECT_THAT(heard("bob"), IsEmpty());
  EXPECT_THAT(ask("alice", R"(["room-info-request",{"room":"north"}])"),
              testing::HasSubstr(R"("locked":true)"));
  EXPECT_EQ(ask("bob", R"(["room-create-request",{"room":"north"}])"), kTaken);
}

}  // namespace
}  // namespace heliograph::signaling
