#include "signaling/limits.hpp"

#include "signaling/testing/service_fixture.hpp"

namespace heliograph::signaling {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// What docs and clients rely on.
TEST(Limits, AreThoseOfTheProtocolWhereNothingIsSaid) {
  const Limits limits;
  EXPECT_EQ(limits.max_event_bytes, 65536U);
  EXPECT_EQ(limits.max_peerinfo_bytes, 4096U);
  EXPECT_EQ(limits.max_room_name_bytes, 255U);
  EXPECT_EQ(limits.max_rooms_per_peer, 128U);
  EXPECT_EQ(limits.max_json_depth, 32U);
  EXPECT_EQ(limits.events.per_second, 100U);
  EXPECT_EQ(limits.events.burst, 200U);
  EXPECT_EQ(limits.join_request_timeout, std::chrono::seconds(60));
}

constexpr Limits kFew{.max_event_bytes = 100,
                      .max_room_name_bytes = 8,
                      .max_rooms_per_peer = 3,
                      .join_request_timeout = std::chrono::seconds(5)};

class LimitsTest : public ServiceTest {
 protected:
  LimitsTest() : ServiceTest(kFew) { connect({"alice", "bob", "carol"}); }

  std::string create(const std::string& name, const std::string& room) {
    return ask(name, R"(["room-create-request",{"room":")" + room + "\"}]");
  }

  std::string join(const std::string& name, const std::string& room,
                   std::size_t payload_bytes = 0) {
    const std::string payload =
        payload_bytes == 0 ? "" : ",\"payload\":\"" + std::string(payload_bytes - 2, 'x') + "\"";
    return ask(name, R"(["room-join-request",{"room":")" + room + "\"" + payload + "}]");
  }

  static std::string ok(const std::string& room) {
    return R"([{"ok":true,"room":")" + room + "\"}]";
  }
};
INSTANTIATE_TEST_SUITE_P(Workers, LimitsTest, testing::Values(1, 3));

const std::string kNameTooLong =
    refusal("room-name-too-long", "The room's name is longer than this server takes");
const std::string kTooManyRooms = refusal("too-many-rooms", "You are in too many rooms already");
const std::string kTooLarge =
    refusal("event-too-large", "The event is larger than this server takes");

TEST_P(LimitsTest, ARoomsNameIsCountedInBytes) {
  EXPECT_EQ(create("alice", "12345678"), ok("12345678"));
  EXPECT_EQ(create("alice", "éééé"), ok("éééé"));
  heard("alice");
  EXPECT_EQ(create("alice", "123456789"), kNameTooLong);
  EXPECT_THAT(
      heard("alice"),
      ElementsAre(
          R"(["room-create-reject",{"message":"The room's name is longer than this server takes"}])"));
  EXPECT_EQ(create("alice", "éééé1"), kNameTooLong);
  EXPECT_EQ(node_.room_count(), 2U);
}

TEST_P(LimitsTest, TheNameOfARoomToJoinIsCountedAlike) {
  EXPECT_EQ(ask("alice", R"(["room-join-request",{"room":"123456789","payload":1}])"),
            kNameTooLong);
  EXPECT_THAT(heard("alice"),
              ElementsAre(R"(["room-join-reject",{"message":"The room's name is longer than this )"
                          R"(server takes","code":"room-name-too-long","payload":1}])"));
}

TEST_P(LimitsTest, RoomsOfWhichAPeerIsAMemberCount) {
  for (const char* room : {"a", "b", "c"}) EXPECT_EQ(create("alice", room), ok(room));
  heard("alice");
  EXPECT_EQ(create("alice", "d"), kTooManyRooms);
  EXPECT_THAT(
      heard("alice"),
      ElementsAre(R"(["room-create-reject",{"message":"You are in too many rooms already"}])"));
  EXPECT_EQ(create("bob", "d"), ok("d"));
  EXPECT_EQ(join("alice", "d"), kTooManyRooms);
  EXPECT_THAT(
      heard("alice"),
      ElementsAre(
          R"(["room-join-reject",{"message":"You are in too many rooms already","code":"too-many-rooms"}])"));
}

TEST_P(LimitsTest, RoomsAtWhoseDoorAPeerWaitsCount) {
  for (const char* room : {"a", "b", "c"}) create("alice", room);
  create("carol", "d");
  for (const char* room : {"a", "b", "c"}) EXPECT_EQ(join("bob", room), ok(room));
  EXPECT_EQ(join("bob", "d"), kTooManyRooms);
  EXPECT_EQ(join("bob", "a"), ok("a"));  // asking again is no further room
  say("alice", R"(["room-join-reject",{"room":"b","peer_id":"@bob"}])");
  EXPECT_EQ(join("bob", "d"), ok("d"));
}

TEST_P(LimitsTest, WhatWasRefusedDoesNotCount) {
  for (const char* room : {"a", "b", "c"}) create("alice", room);
  for (int i = 0; i < 10; ++i) {
    const std::string room = std::to_string(i);
    EXPECT_EQ(join("bob", room), refusal("room-not-found", "Room is not found."));
    create("bob", "a");
  }
  for (const char* room : {"a", "b", "c"}) EXPECT_EQ(join("bob", room), ok(room));
}

TEST_P(LimitsTest, WhatIsGoneDoesNotCount) {
  for (const char* room : {"a", "b"}) create("alice", room);
  create("carol", "c");
  for (const char* room : {"a", "b", "c"}) join("bob", room);
  leave("carol");
  EXPECT_EQ(join("bob", "d"), refusal("room-not-found", "Room is not found."));
  wait(std::chrono::seconds(5));
  for (const char* room : {"d", "e", "f"}) EXPECT_EQ(create("bob", room), ok(room));
}

TEST_P(LimitsTest, RequestsOnTheWayCount) {
  for (const char* room : {"a", "b", "c", "d", "e"}) {
    node_.emit("alice", std::string(R"(["room-create-request",{"room":")") + room + "\"}]");
  }
  node_.settle();
  EXPECT_EQ(node_.room_count(), 3U);
  EXPECT_THAT(heard("alice"), testing::SizeIs(5));
}

// Else a peer could have the server keep 128 payloads of 64 KiB for it.
TEST_P(LimitsTest, WhatIsKeptForAPeersUnansweredRequestsIsAsMuchAsOneEvent) {
  for (const char* room : {"a", "b"}) create("alice", room);
  EXPECT_EQ(join("bob", "a", 60), ok("a"));
  EXPECT_EQ(join("bob", "b", 41), kTooLarge);
  EXPECT_THAT(heard("bob"), ElementsAre(testing::HasSubstr("room-join-reject")));
  EXPECT_EQ(join("bob", "b", 40), ok("b"));
  say("alice", R"(["room-join-accept",{"room":"a","peer_id":"@bob"}])");
  EXPECT_EQ(join("bob", "b", 100), ok("b"));
}

TEST_P(LimitsTest, WhoAsksAgainIsNotCountedTwice) {
  create("alice", "a");
  for (int i = 0; i < 10; ++i) EXPECT_EQ(join("bob", "a", 60), ok("a"));
  heard("bob");
  wait(std::chrono::seconds(5));
  EXPECT_THAT(heard("bob"), testing::SizeIs(1));
  EXPECT_EQ(join("bob", "a", 100), ok("a"));
}

TEST_P(LimitsTest, ATimeoutOfOnesOwnIsKept) {
  create("alice", "a");
  join("bob", "a");
  wait(std::chrono::milliseconds(4999));
  EXPECT_THAT(heard("bob"), IsEmpty());
  wait(std::chrono::milliseconds(1));
  EXPECT_THAT(heard("bob"), testing::SizeIs(1));
}

}  // namespace
}  // namespace heliograph::signaling
