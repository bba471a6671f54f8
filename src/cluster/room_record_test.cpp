#include "cluster/room_record.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cluster/testing/message_lines.hpp"

namespace heliograph::cluster {
namespace {

using namespace std::chrono_literals;
using signaling::Admission;
using signaling::PeerId;
using signaling::PeerIdText;
using signaling::Room;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using testing::peer;
using ::testing::UnorderedElementsAre;

std::string id(const PeerId& peer) { return std::string(std::string_view(PeerIdText(peer))); }

constexpr base::TimePoint kSoon{5s};

// With something of everything.
Room::Parts parts() {
  Room::Parts parts;
  parts.members = {
      {peer(2, 5), R"({"name":"Ada"})", false}, {peer(1, 9), "", true}, {peer(1, 3), "7", true}};
  parts.requests.push_back({.candidate = peer(3, 8),
                            .peerinfo = "1",
                            .payload = R"({"hello":true})",
                            .attachments = std::make_shared<const std::vector<std::string>>(
                                std::vector<std::string>{std::string("\0\1", 2), ""}),
                            .serial = 2});
  parts.requests.push_back(
      {.candidate = peer(1, 6), .peerinfo = "", .payload = "", .attachments = {}, .serial = 1});
  parts.settings = {
      .locked = true, .capacity = 12, .admission = Admission::kPassword, .password = "#secret"};
  parts.banned = {peer(4, 4), peer(2, 2)};
  parts.kicked = {peer(5, 5)};
  parts.members[1].place = signaling::place_of("ada's", "app");
  parts.free_places = {{signaling::place_of("eve's", "app"), peer(6, 1), true, kSoon},
                       {signaling::place_of("dan's", "app"), peer(6, 2), false, kSoon + 1ms}};
  parts.requests[0].tickets = std::make_shared<const signaling::Tickets>(
      signaling::Tickets{.fresh = "cleo's",
                         .place = signaling::place_of("cleo's", "app"),
                         .shown = signaling::place_of("bob's", "app")});
  return parts;
}

TEST(RoomRecord, ReadsThePlacesThatWereWritten) {
  // Of a node whose clock began at another time.
  const base::Duration offset = 3h;
  const RoomFields fields = fields_of(Room(parts()), offset);
  const auto room = room_of(fields, offset);
  ASSERT_TRUE(room);
  const Room::Parts read = room->parts();
  EXPECT_EQ(read.members[1].place, parts().members[1].place);
  EXPECT_EQ(read.members[0].place, signaling::Place{});
  ASSERT_EQ(read.free_places.size(), 2U);
  EXPECT_EQ(read.free_places[0].place, parts().free_places[0].place);
  EXPECT_EQ(read.free_places[0].peer, peer(6, 1));
  EXPECT_TRUE(read.free_places[0].is_owner);
  EXPECT_EQ(read.free_places[0].until, kSoon);
  EXPECT_EQ(read.free_places[1].until, kSoon + 1ms);
  EXPECT_EQ(room_of(fields, offset - 1h)->parts().free_places[0].until, kSoon + 1h);
  EXPECT_EQ(read.kicked, parts().kicked);
  EXPECT_EQ(read.requests[1].tickets->fresh, "cleo's");
  EXPECT_EQ(read.requests[1].tickets->place, parts().requests[0].tickets->place);
  EXPECT_EQ(read.requests[1].tickets->shown, parts().requests[0].tickets->shown);
  EXPECT_EQ(read.requests[0].tickets, nullptr);
  EXPECT_EQ(fields_of(*room, offset), fields);
}

TEST(RoomRecord, ReadsARoomThatWaitsForSomebody) {
  Room::Parts empty;
  empty.free_places = parts().free_places;
  empty.lingering = {.node = 7, .number = 3};
  const auto room = room_of(fields_of(Room(empty)));
  ASSERT_TRUE(room);
  EXPECT_TRUE(room->is_empty());
  EXPECT_EQ(room->lingering(), empty.lingering);
  EXPECT_THAT(nodes_of(room), ElementsAre(7));
}

TEST(RoomRecord, ReadsTheRoomThatWasWritten) {
  const auto room = room_of(fields_of(Room(parts())));
  ASSERT_TRUE(room);
  const Room::Parts read = room->parts();
  ASSERT_EQ(read.members.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(read.members[i].peer, parts().members[i].peer) << i;
    EXPECT_EQ(read.members[i].peerinfo, parts().members[i].peerinfo) << i;
    EXPECT_EQ(read.members[i].is_owner, parts().members[i].is_owner) << i;
  }
  EXPECT_EQ(read.settings, parts().settings);
  EXPECT_EQ(read.banned, parts().banned);
  ASSERT_EQ(read.requests.size(), 2U);
  EXPECT_EQ(read.requests[0].candidate, peer(1, 6));  // who asked first
  EXPECT_FALSE(read.requests[0].attachments);
  EXPECT_EQ(read.requests[1].candidate, peer(3, 8));
  EXPECT_EQ(read.requests[1].serial, 2U);
  EXPECT_EQ(read.requests[1].peerinfo, "1");
  EXPECT_EQ(read.requests[1].payload, R"({"hello":true})");
  ASSERT_TRUE(read.requests[1].attachments);
  EXPECT_THAT(*read.requests[1].attachments, ElementsAre(std::string("\0\1", 2), ""));
}

TEST(RoomRecord, ReadsARoomAsItBegins) {
  const auto room = room_of(fields_of(Room(peer(1, 1), R"("me")")));
  ASSERT_TRUE(room);
  EXPECT_THAT(room->owners(), ElementsAre(peer(1, 1)));
  EXPECT_EQ(room->settings(), signaling::RoomSettings{});
  EXPECT_THAT(room->requests(), IsEmpty());
}

TEST(RoomRecord, IsTheSameForTheSameRoom) {
  EXPECT_EQ(fields_of(Room(parts())), fields_of(*room_of(fields_of(Room(parts())))));
}

TEST(RoomRecord, MindsNoFieldsOfTheStore) {
  RoomFields fields = fields_of(Room(parts()));
  fields["v"] = "17-1-2-3";
  fields["t:1"] = "5-6";
  const auto room = room_of(fields);
  ASSERT_TRUE(room);
  EXPECT_EQ(fields_of(*room), fields_of(Room(parts())));
}

TEST(RoomRecord, KnowsTheNodesOfMembersAndCandidates) {
  EXPECT_THAT(nodes_of(Room(parts())), UnorderedElementsAre(1, 2, 3));
  EXPECT_THAT(nodes_of(Room(peer(9, 1), "")), UnorderedElementsAre(9));
}

TEST(RoomRecord, NoRoomIsWithoutFields) {
  EXPECT_FALSE(room_of({}));
  EXPECT_FALSE(room_of({{"v", "1-2"}, {"t:1", "3"}}));
}

TEST(RoomRecord, RefusesARoomThatLacksAField) {
  for (const auto& [name, value] : fields_of(Room(parts()))) {
    RoomFields fields = fields_of(Room(parts()));
    fields.erase(name);
    const bool is_needed = name == "o" || name == "s" || name.starts_with("m:");
    EXPECT_EQ(room_of(fields).has_value(), !is_needed) << name;
  }
}

// But for the peerinfo of members, which is any text.
TEST(RoomRecord, RefusesFieldsCutOffAnywhere) {
  const RoomFields whole = fields_of(Room(parts()));
  for (const auto& [name, value] : whole) {
    if (name.starts_with("m:")) continue;
    for (std::size_t size = 0; size < value.size(); ++size) {
      RoomFields fields = whole;
      fields[name].resize(size);
      const auto room = room_of(fields);
      // An order, or a list of peers, may end after any of them; an order with its last owner. A
      // request may end before its tickets.
      if (!room) continue;
      const bool may_end = name == "o" || name == "s" || name == "k" || name.starts_with("r:");
      EXPECT_TRUE(may_end) << name << " " << size;
      EXPECT_FALSE(room->owners().empty());
    }
  }
}

TEST(RoomRecord, RefusesARoomWithoutAnOwner) {
  RoomFields fields = fields_of(Room(peer(1, 1), ""));
  fields["o"].back() = '\0';
  EXPECT_FALSE(room_of(fields));
  fields["o"].clear();
  EXPECT_FALSE(room_of(fields));
}

TEST(RoomRecord, RefusesAMemberOfWhomNothingIsKnown) {
  RoomFields fields = fields_of(Room(parts()));
  fields["o"] += fields_of(Room(peer(5, 5), ""))["o"];
  EXPECT_FALSE(room_of(fields));
}

TEST(RoomRecord, RefusesWaysToEnterThatThereAreNot) {
  RoomFields fields = fields_of(Room(parts()));
  fields["s"][1 + 4] = 3;  // behind the lock and the capacity
  EXPECT_FALSE(room_of(fields));
}

TEST(RoomRecord, RefusesCandidatesThatAreNoPeers) {
  RoomFields fields = fields_of(Room(parts()));
  const std::string request = fields["r:" + id(peer(1, 6))];
  fields["r:somebody"] = request;
  EXPECT_FALSE(room_of(fields));
}

TEST(RoomRecord, TheDifferenceTurnsOneIntoTheOther) {
  const RoomFields before = fields_of(Room(parts()));
  Room::Parts changed = parts();
  changed.members.erase(changed.members.begin());
  changed.members.push_back({peer(6, 6), "new", false});
  changed.requests.pop_back();
  changed.settings.locked = false;
  const RoomFields after = fields_of(Room(changed));
  for (const auto& [from, to] : {std::pair(before, after), std::pair(after, before),
                                 std::pair(RoomFields{}, after), std::pair(after, RoomFields{})}) {
    const RoomChange change = difference(from, to);
    RoomFields result = from;
    for (const auto& [name, value] : change.set) result[name] = value;
    for (const std::string& name : change.erased) EXPECT_EQ(result.erase(name), 1U);
    EXPECT_EQ(result, to);
  }
}

TEST(RoomRecord, TheDifferenceIsWhatHasChangedOnly) {
  const RoomFields before{{"a", "1"}, {"b", "2"}, {"c", "3"}};
  const RoomFields after{{"a", "1"}, {"b", "4"}, {"d", "5"}};
  const RoomChange change = difference(before, after);
  EXPECT_THAT(change.set, UnorderedElementsAre(Pair("b", "4"), Pair("d", "5")));
  EXPECT_THAT(change.erased, ElementsAre("c"));
  EXPECT_THAT(difference(before, before).set, IsEmpty());
  EXPECT_THAT(difference(before, before).erased, IsEmpty());
}

}  // namespace
}  // namespace heliograph::cluster
