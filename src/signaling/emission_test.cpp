#include "signaling/emission.hpp"

#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "signaling/testing/service_fixture.hpp"

namespace heliograph::signaling {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using Names = std::vector<std::string>;

class EmissionTest : public ServiceTest {
 protected:
  // Names of rooms, or "@name" for the peer `name`.
  void emit(const Names& to, const Names& except = {}, SharedAttachments attachments = {}) {
    node_.emit_to({R"(["news",1])", std::move(attachments), with_ids(to), with_ids(except)});
  }
  Names with_ids(Names names) const {
    for (std::string& name : names) {
      if (name.starts_with('@')) name = id(name.substr(1));
    }
    return names;
  }
  std::string id(const std::string& name) const { return std::string(PeerIdText(node_.id(name))); }

  // Who of `names` has heard it, once for each time.
  Names reached(std::initializer_list<std::string> names) {
    Names reached;
    for (const std::string& name : names) {
      for (const std::string& event : heard(name)) {
        if (event == R"(["news",1])") reached.push_back(name);
      }
    }
    return reached;
  }
};

INSTANTIATE_TEST_SUITE_P(Workers, EmissionTest, testing::Values(1, 3));

TEST_P(EmissionTest, ReachesAllPeersWhereNoRoomIsNamed) {
  connect({"a", "b", "c", "d"});
  gather("room", {"a", "b"});
  leave("d");
  emit({});
  EXPECT_THAT(reached({"a", "b", "c"}), ElementsAre("a", "b", "c"));
}

TEST_P(EmissionTest, ReachesTheMembersOfARoom) {
  connect({"a", "b", "c", "d"});
  gather("room", {"a", "b", "c"});
  gather("other", {"d"});
  emit({"room"});
  EXPECT_THAT(reached({"a", "b", "c", "d"}), ElementsAre("a", "b", "c"));
  emit({"no such room"});
  EXPECT_THAT(reached({"a", "b", "c", "d"}), IsEmpty());
}

TEST_P(EmissionTest, ReachesAPeerByItsId) {
  connect({"a", "b", "c"});
  gather("room", {"a", "b"});
  emit({"@b"});
  EXPECT_THAT(reached({"a", "b", "c"}), ElementsAre("b"));
  emit({"@c"});
  EXPECT_THAT(reached({"a", "b", "c"}), ElementsAre("c"));
}

TEST_P(EmissionTest, ReachesOnceWhoIsMeantSeveralTimes) {
  connect({"a", "b", "c", "d"});
  gather("one", {"a", "b"});
  gather("two", {"b", "c"});
  emit({"one", "two", "one", "@b", "@d"});
  EXPECT_THAT(reached({"a", "b", "c", "d"}), ElementsAre("a", "b", "c", "d"));
}

TEST_P(EmissionTest, LeavesOutWhoIsExcepted) {
  connect({"a", "b", "c", "d"});
  gather("one", {"a", "b", "c"});
  gather("two", {"b", "d"});
  emit({"one"}, {"two"});
  EXPECT_THAT(reached({"a", "b", "c", "d"}), ElementsAre("a", "c"));
  emit({"one"}, {"@a"});
  EXPECT_THAT(reached({"a", "b", "c", "d"}), ElementsAre("b", "c"));
  emit({}, {"two", "@c", "no such room"});
  EXPECT_THAT(reached({"a", "b", "c", "d"}), ElementsAre("a"));
  emit({"@a"}, {"@a"});
  EXPECT_THAT(reached({"a", "b", "c", "d"}), IsEmpty());
}

TEST_P(EmissionTest, ReachesNobodyWhoIsNotAMemberYetOrAnyMore) {
  connect({"a", "b", "c", "d", "e"});
  gather("room", {"a", "b", "c", "d"});
  say("e", R"(["room-join-request",{"room":"room"}])");
  say("b", R"(["room-leave-request",{"room":"room"}])");
  say("a", R"(["room-kick-request",{"room":"room","peer_id":"@c"}])");
  leave("d");
  emit({"room"});
  EXPECT_THAT(reached({"a", "b", "c", "e"}), ElementsAre("a"));
}

TEST_P(EmissionTest, ReachesNobodyWhoIsLeaving) {
  connect({"a", "b"});
  gather("room", {"a", "b"});
  node_.emit("b", R"(["room-leave-request",{"room":"room"}])");
  emit({"room"});
  node_.settle();
  EXPECT_THAT(reached({"a", "b"}), ElementsAre("a"));
}

TEST_P(EmissionTest, ReachesWhoHasComeBackIntoARoom) {
  connect({"a", "b"});
  gather("room", {"a", "b"});
  say("b", R"(["room-leave-request",{"room":"room"}])");
  say("b", R"(["room-join-request",{"room":"room"}])");
  say("a", R"(["room-join-accept",{"room":"room","peer_id":"@b"}])");
  emit({"room"});
  EXPECT_THAT(reached({"a", "b"}), ElementsAre("a", "b"));
}

// Else whoever knows another one's id could hear what is meant for that peer alone.
TEST_P(EmissionTest, TakesNoRoomForAPeer) {
  connect({"a", "b", "c"});
  gather(id("b"), {"a"});
  emit({"@b"});
  EXPECT_THAT(reached({"a", "b", "c"}), ElementsAre("b"));
  emit({}, {"@b"});
  EXPECT_THAT(reached({"a", "b", "c"}), ElementsAre("a", "c"));
  const std::string gone = id("b");
  leave("b");
  emit({gone});
  EXPECT_THAT(reached({"a", "c"}), IsEmpty());
}

TEST_P(EmissionTest, TakesMostNamesOfTheirLengthForRooms) {
  connect({"a", "b"});
  const std::string name = "team-standup-2026-q4";
  ASSERT_TRUE(parse_peer_id(name));
  gather(name, {"a"});
  emit({name});
  EXPECT_THAT(reached({"a", "b"}), ElementsAre("a"));
}

TEST_P(EmissionTest, BringsItsAttachments) {
  connect({"a", "b"});
  const auto attachments = std::make_shared<const std::vector<std::string>>(1, "bytes");
  emit({}, {}, attachments);
  for (const std::string name : {"a", "b"}) {
    const auto all = listen(name);
    ASSERT_EQ(all.size(), 1u);
    EXPECT_EQ(all[0].attachments, attachments);
  }
}

}  // namespace
}  // namespace heliograph::signaling
