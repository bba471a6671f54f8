#include "cluster/bus_message.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "cluster/bytes.hpp"

namespace heliograph::cluster {
namespace {

using signaling::Acknowledgement;
using signaling::PassedOn;
using signaling::PeerId;
using signaling::RemoteRelay;
using signaling::RoomUpdate;

constexpr BatchOrigin kOrigin{.node = 0xABCDEF, .epoch = 1ULL << 63, .serial = 42};
constexpr PeerId kAda{{.node = 1, .worker = 2}, 3, 4};
constexpr PeerId kBob{{.node = 0xFFFFFF, .worker = 0xFFFF}, 0xFFFFFFFF, signaling::kNonceMask};

signaling::SharedAttachments attachments(std::vector<std::string> texts) {
  return std::make_shared<const std::vector<std::string>>(std::move(texts));
}

std::string batch_of(const signaling::WorkerMessage& message, std::uint16_t worker = 5) {
  std::string bytes;
  begin_batch(bytes, kOrigin);
  append_message(bytes, worker, message);
  return bytes;
}

// What came through of the one message.
template <class Message>
Message passed(const Message& message) {
  const std::optional<Batch> batch = read_batch(batch_of(message));
  EXPECT_TRUE(batch && batch->messages.size() == 1);
  if (!batch || batch->messages.size() != 1) return {};
  EXPECT_EQ(batch->messages[0].worker, 5);
  const auto* body = std::get_if<Message>(&batch->messages[0].message);
  EXPECT_TRUE(body);
  return body ? *body : Message{};
}

RoomUpdate room_update() {
  return {.to = {kAda, kBob},
          .room = std::string("a \"room\"\0", 9),
          .membership = signaling::Membership::kUnchanged,
          .answers = signaling::Answers::kLeave,
          .event = R"(["room-user-join",{}])",
          .attachments = attachments({"", std::string("\0\xFF", 2)})};
}

RemoteRelay remote_relay() {
  return {.from = kAda,
          .to = kBob,
          .room = "north",
          .event = R"(["message",{}])",
          .attachments = attachments({"one"}),
          .ack = std::numeric_limits<std::uint64_t>::max(),
          .by_home = false};
}

// As it waits for the peer that has the place of its ticket.
signaling::RoomRequest join_request() {
  using Join = signaling::room_action::Join;
  Join join{.peerinfo = R"("Ada")", .passwords = {"#one", "#two"}};
  join.tickets = std::make_shared<const signaling::Tickets>(
      signaling::Tickets{.fresh = "fresh",
                         .place = signaling::place_of("fresh", "app"),
                         .shown = signaling::place_of("shown", "app")});
  join.holder = Join::Holder::kGone;
  join.members = 5;
  join.wait_number = 7;
  signaling::RoomRequest request;
  request.from = kAda;
  request.room = "north";
  request.action = join;
  request.payload = "[1]";
  request.attachments = attachments({"one"});
  request.ack = 9;
  request.address = {{1, 2, 3}};
  return request;
}

void expect_same(const signaling::RoomRequest& read) {
  using Join = signaling::room_action::Join;
  const signaling::RoomRequest sent = join_request();
  EXPECT_EQ(read.from, sent.from);
  EXPECT_EQ(read.room, sent.room);
  EXPECT_EQ(read.payload, sent.payload);
  EXPECT_EQ(*read.attachments, *sent.attachments);
  EXPECT_EQ(read.ack, sent.ack);
  EXPECT_EQ(read.refused_as, sent.refused_as);
  EXPECT_EQ(read.address, sent.address);
  const auto& join = std::get<Join>(read.action);
  const auto& original = std::get<Join>(sent.action);
  EXPECT_EQ(join.peerinfo, original.peerinfo);
  EXPECT_EQ(join.passwords, original.passwords);
  EXPECT_EQ(join.holder, original.holder);
  EXPECT_EQ(join.members, original.members);
  EXPECT_EQ(join.wait_number, original.wait_number);
  EXPECT_EQ(join.tickets->fresh, original.tickets->fresh);
  EXPECT_EQ(join.tickets->place, original.tickets->place);
  EXPECT_EQ(join.tickets->shown, original.tickets->shown);
}

std::string long_batch() {
  std::string bytes;
  begin_batch(bytes, kOrigin);
  append_message(bytes, 0, room_update());
  append_message(bytes, 1, Acknowledgement{kBob, 9, R"([{"ok":true}])"});
  append_message(bytes, 2, remote_relay());
  append_message(bytes, 3, PassedOn{kAda, "south"});
  append_message(bytes, 4, signaling::Vacate{kBob, join_request()});
  append_message(bytes, 5, signaling::Vacated{join_request()});
  return bytes;
}

TEST(BusMessage, CarriesRoomUpdates) {
  const RoomUpdate update = passed(room_update());
  EXPECT_EQ(update.to, (std::vector<PeerId>{kAda, kBob}));
  EXPECT_EQ(update.room, room_update().room);
  EXPECT_EQ(update.membership, signaling::Membership::kUnchanged);
  EXPECT_EQ(update.answers, signaling::Answers::kLeave);
  EXPECT_EQ(update.event, room_update().event);
  ASSERT_TRUE(update.attachments);
  EXPECT_EQ(*update.attachments, *room_update().attachments);
}

TEST(BusMessage, CarriesUpdatesThatSayAlmostNothing) {
  const RoomUpdate update = passed(RoomUpdate{});
  EXPECT_TRUE(update.to.empty());
  EXPECT_EQ(update.room, "");
  EXPECT_EQ(update.membership, signaling::Membership::kNone);
  EXPECT_EQ(update.answers, signaling::Answers::kNone);
  EXPECT_EQ(update.event, "");
  EXPECT_FALSE(update.attachments);
}

TEST(BusMessage, CarriesAcknowledgements) {
  const Acknowledgement answer = passed(Acknowledgement{kBob, 0, R"([{"ok":false}])"});
  EXPECT_EQ(answer.to, kBob);
  EXPECT_EQ(answer.id, 0U);
  EXPECT_EQ(answer.arguments, R"([{"ok":false}])");
}

TEST(BusMessage, CarriesRelays) {
  const RemoteRelay relay = passed(remote_relay());
  EXPECT_EQ(relay.from, kAda);
  EXPECT_EQ(relay.to, kBob);
  EXPECT_EQ(relay.room, "north");
  EXPECT_EQ(relay.event, remote_relay().event);
  EXPECT_EQ(relay.ack, std::numeric_limits<std::uint64_t>::max());
  ASSERT_TRUE(relay.attachments);
  EXPECT_EQ(*relay.attachments, std::vector<std::string>{"one"});
}

// So that its sender is told, without an acknowledgement, which event was refused.
TEST(BusMessage, CarriesWhichEventARelayWas) {
  for (const std::string_view event :
       {"relay-session-description", "relay-ice-candidate", "relay-message", ""}) {
    RemoteRelay relay = remote_relay();
    relay.refused_as = event;
    EXPECT_EQ(passed(relay).refused_as, event);
  }
}

TEST(BusMessage, TellsAnAcknowledgementOfZeroFromNone) {
  RemoteRelay relay = remote_relay();
  relay.ack = 0;
  EXPECT_EQ(passed(relay).ack, 0U);
  relay.ack.reset();
  EXPECT_EQ(passed(relay).ack, std::nullopt);
}

TEST(BusMessage, TellsNoAttachmentsFromAListOfNone) {
  RemoteRelay relay = remote_relay();
  relay.attachments = nullptr;
  EXPECT_FALSE(passed(relay).attachments);
  relay.attachments = attachments({});
  ASSERT_TRUE(passed(relay).attachments);
  EXPECT_TRUE(passed(relay).attachments->empty());
}

TEST(BusMessage, CarriesReportsOfWhatWasPassedOn) {
  const PassedOn report = passed(PassedOn{kAda, "south"});
  EXPECT_EQ(report.to, kAda);
  EXPECT_EQ(report.room, "south");
}

TEST(BusMessage, CarriesRequestsThatWaitForAPlace) {
  const auto vacate = passed(signaling::Vacate{kBob, join_request()});
  EXPECT_EQ(vacate.peer, kBob);
  expect_same(vacate.request);
  expect_same(passed(signaling::Vacated{join_request()}).request);
}

TEST(BusMessage, CarriesReplacementsOfPeers) {
  const auto replace = passed(signaling::Replace{kAda, kBob});
  EXPECT_EQ(replace.peer, kAda);
  EXPECT_EQ(replace.successor, kBob);
  const auto replaced = passed(signaling::Replaced{kAda, kBob, 3});
  EXPECT_EQ(replaced.peer, kAda);
  EXPECT_EQ(replaced.successor, kBob);
  EXPECT_EQ(replaced.answers, 3U);
}

TEST(BusMessage, KeepsOriginAndOrder) {
  const std::optional<Batch> batch = read_batch(long_batch());
  ASSERT_TRUE(batch);
  EXPECT_EQ(batch->origin.node, kOrigin.node);
  EXPECT_EQ(batch->origin.epoch, kOrigin.epoch);
  EXPECT_EQ(batch->origin.serial, kOrigin.serial);
  ASSERT_EQ(batch->messages.size(), 6U);
  for (std::uint16_t i = 0; i < 4; ++i) EXPECT_EQ(batch->messages[i].worker, i);
  EXPECT_TRUE(std::holds_alternative<RoomUpdate>(batch->messages[0].message));
  EXPECT_TRUE(std::holds_alternative<PassedOn>(batch->messages[3].message));
}

TEST(BusMessage, ABatchMayBeEmpty) {
  std::string bytes;
  begin_batch(bytes, kOrigin);
  EXPECT_EQ(bytes.size(), kOriginBytes);
  const std::optional<Batch> batch = read_batch(bytes);
  ASSERT_TRUE(batch);
  EXPECT_TRUE(batch->messages.empty());
}

// A batch that ends between two messages is a shorter batch, and no other end of one is.
TEST(BusMessage, RefusesABatchCutOffAnywhere) {
  std::vector<std::size_t> whole{kOriginBytes};
  std::string bytes;
  begin_batch(bytes, kOrigin);
  const std::optional<Batch> batch = read_batch(long_batch());
  ASSERT_TRUE(batch);
  for (const BusMessage& item : batch->messages) {
    append_message(bytes, item.worker, item.message);
    whole.push_back(bytes.size());
  }
  ASSERT_EQ(bytes, long_batch());
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    const bool is_whole = std::ranges::find(whole, size) != whole.end();
    EXPECT_EQ(read_batch(std::string_view(bytes).substr(0, size)).has_value(), is_whole) << size;
  }
}

TEST(BusMessage, RefusesAnotherVersion) {
  std::string bytes = long_batch();
  for (const char version : {'\0', '\1', '\xFF'}) {
    bytes[0] = version;
    EXPECT_FALSE(read_batch(bytes));
  }
}

TEST(BusMessage, RefusesKindsAndStandingsThatAreNone) {
  std::string kind = batch_of(PassedOn{kAda, "south"});
  kind[kOriginBytes + 2] = 9;
  EXPECT_FALSE(read_batch(kind));

  // Behind the count of peers and the name of the room, both empty.
  constexpr std::size_t kMembership = kOriginBytes + 2 + 1 + 4 + 4;
  std::string update = batch_of(RoomUpdate{});
  update[kMembership] = 4;
  EXPECT_FALSE(read_batch(update));
  update[kMembership] = 3;
  EXPECT_TRUE(read_batch(update));
  update[kMembership + 1] = 3;
  EXPECT_FALSE(read_batch(update));
}

// Should it take memory for as many as it is told of, this does not come back.
TEST(BusMessage, BelievesNoCountThatTheBytesDoNotBear) {
  std::string peers;
  begin_batch(peers, kOrigin);
  ByteWriter(peers).number(std::uint16_t{0}).number(std::uint8_t{0}).number(0xFFFFFFFFU);
  EXPECT_FALSE(read_batch(peers));

  std::string attached = batch_of(RoomUpdate{});
  attached.pop_back();  // that it has no attachments
  ByteWriter(attached).flag(true).number(0xFFFFFFFFU);
  EXPECT_FALSE(read_batch(attached));

  std::string text;
  begin_batch(text, kOrigin);
  ByteWriter(text).number(std::uint16_t{0}).number(std::uint8_t{0}).number(0U).number(0xFFFFFFFFU);
  EXPECT_FALSE(read_batch(text));
}

TEST(BusMessage, TakesAnyBytes) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes = long_batch();
    if (round % 2 == 0) bytes.resize(random() % 200);
    const std::size_t changes = 1 + random() % 8;
    for (std::size_t i = 0; i < changes && !bytes.empty(); ++i) {
      bytes[random() % bytes.size()] = static_cast<char>(random());
    }
    const std::optional<Batch> batch = read_batch(bytes);
    EXPECT_LE(batch ? batch->messages.size() : 0, bytes.size());
  }
}

}  // namespace
}  // namespace heliograph::cluster
