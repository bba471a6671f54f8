#include "cluster/bus_message.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <variant>

#include "cluster/signaling_bytes.hpp"

namespace heliograph::cluster {
namespace {

using signaling::Acknowledgement;
using signaling::PassedOn;
using signaling::RemoteRelay;
using signaling::Replace;
using signaling::Replaced;
using signaling::RequestError;
using signaling::RoomRequest;
using signaling::RoomUpdate;
using signaling::Vacate;
using signaling::Vacated;
using signaling::WorkerMessage;

// In front of each batch. Nodes of another version of it are not understood.
constexpr std::uint8_t kVersion = 3;

enum class Kind : std::uint8_t {
  kRoomUpdate,
  kAcknowledgement,
  kRequestError,
  kRemoteRelay,
  kPassedOn,
  kVacate,
  kVacated,
  kReplace,
  kReplaced
};

void write_kind(ByteWriter& to, Kind kind) { to.number(static_cast<std::uint8_t>(kind)); }

// The events of clients that go to other nodes, by their numbers there. None has the number 0.
constexpr std::array<std::string_view, 4> kEvents{"", "relay-ice-candidate",
                                                  "relay-session-description", "relay-message"};

// How the sender of an event is told that it is refused.
void write_refused_as(ByteWriter& to, std::optional<std::uint64_t> ack,
                      signaling::RefusedAs refused_as) {
  const auto event = std::ranges::find(kEvents, refused_as);
  const auto number = event == kEvents.end() ? 0 : event - kEvents.begin();
  to.flag(ack.has_value()).number(ack.value_or(0)).number(static_cast<std::uint8_t>(number));
}

void write_body(ByteWriter& to, const RoomUpdate& update) {
  write_kind(to, Kind::kRoomUpdate);
  to.number(static_cast<std::uint32_t>(update.to.size()));
  for (const signaling::PeerId& peer : update.to) write(to, peer);
  to.text(update.room)
      .number(static_cast<std::uint8_t>(update.membership))
      .number(static_cast<std::uint8_t>(update.answers))
      .text(update.event)
      .number(update.members);
  to.flag(update.stranger.has_value());
  if (update.stranger) {
    write(to, update.stranger->peer);
    to.number(static_cast<std::uint8_t>(update.stranger->news));
  }
  write(to, update.attachments);
}

void write_body(ByteWriter& to, const Acknowledgement& acknowledgement) {
  write_kind(to, Kind::kAcknowledgement);
  write(to, acknowledgement.to);
  to.number(acknowledgement.id).text(acknowledgement.arguments);
}

void write_body(ByteWriter& to, const RequestError& error) {
  write_kind(to, Kind::kRequestError);
  write(to, error.to);
  to.text(error.event);
}

void write_body(ByteWriter& to, const RemoteRelay& relay) {
  write_kind(to, Kind::kRemoteRelay);
  write(to, relay.from);
  write(to, relay.to);
  to.text(relay.room).text(relay.event);
  write(to, relay.attachments);
  write_refused_as(to, relay.ack, relay.refused_as);
}

void write_body(ByteWriter& to, const PassedOn& passed) {
  write_kind(to, Kind::kPassedOn);
  write(to, passed.to);
  to.text(passed.room);
}

void write_body(ByteWriter&, const RoomRequest&) {}  // goes to no other node

// The Join of a Vacate or Vacated.
void write_join(ByteWriter& to, const RoomRequest& request) {
  const auto& join = std::get<signaling::room_action::Join>(request.action);
  write(to, request.from);
  to.text(request.room).text(join.peerinfo);
  to.number(static_cast<std::uint32_t>(join.passwords.size()));
  for (const std::string& digest : join.passwords) to.text(digest);
  write(to, join.tickets);
  to.number(static_cast<std::uint8_t>(join.holder)).number(join.members).number(join.wait_number);
  to.text(request.payload);
  write(to, request.attachments);
  write_refused_as(to, request.ack, request.refused_as);
  write(to, request.address);
}

void write_body(ByteWriter& to, const Vacate& vacate) {
  write_kind(to, Kind::kVacate);
  write(to, vacate.peer);
  write_join(to, vacate.request);
}

void write_body(ByteWriter& to, const Vacated& vacated) {
  write_kind(to, Kind::kVacated);
  write_join(to, vacated.request);
}

void write_body(ByteWriter& to, const Replace& replace) {
  write_kind(to, Kind::kReplace);
  write(to, replace.peer);
  write(to, replace.successor);
}

void write_body(ByteWriter& to, const Replaced& replaced) {
  write_kind(to, Kind::kReplaced);
  write(to, replaced.peer);
  write(to, replaced.successor);
  to.number(replaced.answers);
}

template <class Enumeration>
Enumeration read_enumeration(ByteReader& from, Enumeration last) {
  const auto value = from.number<std::uint8_t>();
  if (value > static_cast<std::uint8_t>(last)) from.fail();
  return static_cast<Enumeration>(from.is_good() ? value : 0);
}

void read_refused_as(ByteReader& from, std::optional<std::uint64_t>& ack,
                     signaling::RefusedAs& refused_as) {
  const bool has_ack = from.flag();
  const auto number = from.number<std::uint64_t>();
  if (has_ack) ack = number;
  const auto event = from.number<std::uint8_t>();
  if (event >= kEvents.size()) return from.fail();
  refused_as = kEvents[event];
}

RoomUpdate read_room_update(ByteReader& from) {
  RoomUpdate update;
  const auto count = from.number<std::uint32_t>();
  for (std::uint32_t i = 0; i < count && from.is_good(); ++i) update.to.push_back(read_peer(from));
  update.room = from.text();
  update.membership = read_enumeration(from, signaling::Membership::kUnchanged);
  update.answers = read_enumeration(from, signaling::Answers::kLeave);
  update.event = from.text();
  update.members = from.number<std::uint32_t>();
  if (from.flag()) {
    const signaling::PeerId peer = read_peer(from);
    update.stranger = {peer, read_enumeration(from, signaling::Stranger::News::kNoMore)};
  }
  update.attachments = read_attachments(from);
  return update;
}

Acknowledgement read_acknowledgement(ByteReader& from) {
  Acknowledgement acknowledgement;
  acknowledgement.to = read_peer(from);
  acknowledgement.id = from.number<std::uint64_t>();
  acknowledgement.arguments = from.text();
  return acknowledgement;
}

RequestError read_request_error(ByteReader& from) {
  RequestError error;
  error.to = read_peer(from);
  error.event = from.text();
  return error;
}

RemoteRelay read_remote_relay(ByteReader& from) {
  RemoteRelay relay;
  relay.from = read_peer(from);
  relay.to = read_peer(from);
  relay.room = from.text();
  relay.event = from.text();
  relay.attachments = read_attachments(from);
  read_refused_as(from, relay.ack, relay.refused_as);
  return relay;
}

PassedOn read_passed_on(ByteReader& from) {
  PassedOn passed;
  passed.to = read_peer(from);
  passed.room = from.text();
  return passed;
}

RoomRequest read_join(ByteReader& from) {
  signaling::room_action::Join join;
  RoomRequest request;
  request.from = read_peer(from);
  request.room = from.text();
  join.peerinfo = from.text();
  const auto count = from.number<std::uint32_t>();
  for (std::uint32_t i = 0; i < count && from.is_good(); ++i) {
    join.passwords.emplace_back(from.text());
  }
  join.tickets = read_tickets(from);
  join.holder = read_enumeration(from, signaling::room_action::Join::Holder::kGone);
  join.members = from.number<std::uint32_t>();
  join.wait_number = from.number<std::uint64_t>();
  request.payload = from.text();
  request.attachments = read_attachments(from);
  read_refused_as(from, request.ack, request.refused_as);
  request.address = read_address(from);
  request.action = std::move(join);
  return request;
}

Vacate read_vacate(ByteReader& from) {
  Vacate vacate;
  vacate.peer = read_peer(from);
  vacate.request = read_join(from);
  return vacate;
}

Replace read_replace(ByteReader& from) {
  Replace replace;
  replace.peer = read_peer(from);
  replace.successor = read_peer(from);
  return replace;
}

Replaced read_replaced(ByteReader& from) {
  Replaced replaced;
  replaced.peer = read_peer(from);
  replaced.successor = read_peer(from);
  replaced.answers = from.number<std::uint32_t>();
  return replaced;
}

WorkerMessage read_message(ByteReader& from) {
  switch (read_enumeration(from, Kind::kReplaced)) {
    case Kind::kRoomUpdate:
      return read_room_update(from);
    case Kind::kAcknowledgement:
      return read_acknowledgement(from);
    case Kind::kRequestError:
      return read_request_error(from);
    case Kind::kRemoteRelay:
      return read_remote_relay(from);
    case Kind::kPassedOn:
      return read_passed_on(from);
    case Kind::kVacate:
      return read_vacate(from);
    case Kind::kVacated:
      return Vacated{read_join(from)};
    case Kind::kReplace:
      return read_replace(from);
    case Kind::kReplaced:
      break;
  }
  return read_replaced(from);
}

}  // namespace

void begin_batch(std::string& bytes, const BatchOrigin& origin) {
  ByteWriter(bytes)
      .number(kVersion)
      .number(origin.node)
      .number(origin.epoch)
      .number(origin.serial)
      .flag(origin.is_commit);
}

void renumber_batch(std::string& bytes, std::uint64_t serial) {
  constexpr std::size_t kBefore = sizeof kVersion + sizeof(std::uint32_t) + sizeof(std::uint64_t);
  std::string number;
  ByteWriter(number).number(serial);
  bytes.replace(kBefore, number.size(), number);
}

void append_message(std::string& bytes, std::uint16_t worker, const WorkerMessage& message) {
  ByteWriter to(bytes);
  to.number(worker);
  std::visit([&](const auto& body) { write_body(to, body); }, message);
}

std::optional<Batch> read_batch(std::string_view bytes) {
  ByteReader from(bytes);
  if (from.number<std::uint8_t>() != kVersion) return std::nullopt;
  Batch batch;
  batch.origin.node = from.number<std::uint32_t>();
  batch.origin.epoch = from.number<std::uint64_t>();
  batch.origin.serial = from.number<std::uint64_t>();
  batch.origin.is_commit = from.flag();
  while (from.is_good() && !from.at_end()) {
    const auto worker = from.number<std::uint16_t>();
    batch.messages.push_back({worker, read_message(from)});
  }
  if (!from.is_good()) return std::nullopt;
  return batch;
}

}  // namespace heliograph::cluster
