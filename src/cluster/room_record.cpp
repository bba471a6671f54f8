#include "cluster/room_record.hpp"

#include <algorithm>

#include "cluster/signaling_bytes.hpp"

namespace heliograph::cluster {
namespace {

using signaling::FreePlace;
using signaling::JoinRequest;
using signaling::Member;
using signaling::Room;

constexpr std::string_view kOrder = "o";
constexpr std::string_view kSettings = "s";
constexpr std::string_view kMember = "m:";
constexpr std::string_view kRequest = "r:";
constexpr std::string_view kPlace = "p:";
constexpr std::string_view kFreePlace = "f:";
constexpr std::string_view kLingering = "l";
constexpr std::string_view kKicked = "k";

std::string field_of(std::string_view prefix, const signaling::PeerId& peer) {
  return std::string(prefix).append(signaling::PeerIdText(peer));
}

std::string order_of(const std::vector<Member>& members) {
  std::string bytes;
  ByteWriter to(bytes);
  for (const Member& member : members) {
    write(to, member.peer);
    to.flag(member.is_owner);
  }
  return bytes;
}

// To the end of the bytes.
void write_peers(ByteWriter& to, const std::vector<signaling::PeerId>& peers) {
  for (const signaling::PeerId& peer : peers) write(to, peer);
}

bool read_peers(ByteReader& from, std::vector<signaling::PeerId>& peers) {
  while (from.is_good() && !from.at_end()) peers.push_back(read_peer(from));
  return from.is_good();
}

std::string settings_of(const Room::Parts& parts) {
  std::string bytes;
  ByteWriter to(bytes);
  to.flag(parts.settings.locked)
      .number(parts.settings.capacity)
      .number(static_cast<std::uint8_t>(parts.settings.admission))
      .text(parts.settings.password);
  write_peers(to, parts.banned);
  return bytes;
}

std::string request_of(const JoinRequest& request) {
  std::string bytes;
  ByteWriter to(bytes);
  to.number(request.serial).text(request.peerinfo).text(request.payload);
  write(to, request.address);
  to.number(static_cast<std::uint64_t>(request.asked_at.time_since_epoch().count()))
      .number(static_cast<std::uint8_t>(request.shown));
  write(to, request.attachments);
  if (request.tickets) write(to, request.tickets);
  return bytes;
}

std::string place_bytes(const signaling::Place& place) {
  std::string bytes;
  ByteWriter to(bytes);
  write(to, place);
  return bytes;
}

std::string free_place_of(const FreePlace& free, base::Duration unix_offset) {
  const auto until = std::chrono::duration_cast<std::chrono::milliseconds>(
      free.until.time_since_epoch() + unix_offset);
  std::string bytes;
  ByteWriter to(bytes);
  write(to, free.peer);
  to.flag(free.is_owner).number(static_cast<std::uint64_t>(until.count()));
  return bytes;
}

std::string lingering_of(const signaling::Lingering& lingering) {
  std::string bytes;
  ByteWriter(bytes).number(lingering.node).number(lingering.number);
  return bytes;
}

bool read_order(std::string_view bytes, const RoomFields& fields, std::vector<Member>& members) {
  ByteReader from(bytes);
  while (from.is_good() && !from.at_end()) {
    Member member;
    member.peer = read_peer(from);
    member.is_owner = from.flag();
    const auto peerinfo = fields.find(field_of(kMember, member.peer));
    if (peerinfo == fields.end()) return false;
    member.peerinfo = peerinfo->second;
    if (const auto place = fields.find(field_of(kPlace, member.peer)); place != fields.end()) {
      ByteReader of_place(place->second);
      member.place = read_place(of_place);
      if (!of_place.is_good()) return false;
    }
    members.push_back(std::move(member));
  }
  const bool may_be_empty = fields.contains(kLingering);
  const bool has_owner = std::ranges::any_of(members, &Member::is_owner);
  return from.is_good() && (has_owner || (members.empty() && may_be_empty));
}

bool read_lingering(const RoomFields& fields, signaling::Lingering& lingering) {
  const auto field = fields.find(kLingering);
  if (field == fields.end()) return true;
  ByteReader from(field->second);
  lingering.node = from.number<std::uint32_t>();
  lingering.number = from.number<std::uint64_t>();
  return from.is_good();
}

std::string kicked_of(const std::vector<signaling::PeerId>& kicked) {
  std::string bytes;
  ByteWriter to(bytes);
  write_peers(to, kicked);
  return bytes;
}

bool read_kicked(const RoomFields& fields, std::vector<signaling::PeerId>& kicked) {
  const auto field = fields.find(kKicked);
  if (field == fields.end()) return true;
  ByteReader from(field->second);
  return read_peers(from, kicked);
}

bool read_free_places(const RoomFields& fields, base::Duration unix_offset,
                      std::vector<FreePlace>& places) {
  for (auto field = fields.lower_bound(kFreePlace);
       field != fields.end() && field->first.starts_with(kFreePlace); ++field) {
    FreePlace free;
    ByteReader name(std::string_view(field->first).substr(kFreePlace.size()));
    free.place = read_place(name);
    ByteReader from(field->second);
    free.peer = read_peer(from);
    free.is_owner = from.flag();
    const std::chrono::milliseconds until(from.number<std::uint64_t>());
    free.until = base::TimePoint(until - unix_offset);
    if (!name.is_good() || !from.is_good()) return false;
    places.push_back(free);
  }
  std::ranges::stable_sort(places, {}, &FreePlace::until);
  return true;
}

bool read_settings(std::string_view bytes, Room::Parts& parts) {
  ByteReader from(bytes);
  parts.settings.locked = from.flag();
  parts.settings.capacity = from.number<std::uint32_t>();
  const auto admission = from.number<std::uint8_t>();
  if (admission > static_cast<std::uint8_t>(signaling::Admission::kPassword)) from.fail();
  parts.settings.admission = static_cast<signaling::Admission>(admission);
  parts.settings.password = from.text();
  return read_peers(from, parts.banned);
}

bool read_request(std::string_view id, std::string_view bytes, std::vector<JoinRequest>& requests) {
  const auto candidate = signaling::parse_peer_id(id);
  if (!candidate) return false;
  ByteReader from(bytes);
  JoinRequest request;
  request.candidate = *candidate;
  request.serial = from.number<std::uint64_t>();
  request.peerinfo = from.text();
  request.payload = from.text();
  request.address = read_address(from);
  const auto asked_at = static_cast<base::Duration::rep>(from.number<std::uint64_t>());
  request.asked_at = base::TimePoint(base::Duration(asked_at));
  const auto shown = from.number<std::uint8_t>();
  if (shown > static_cast<std::uint8_t>(signaling::Shown::kNo)) from.fail();
  request.shown = static_cast<signaling::Shown>(shown);
  request.attachments = read_attachments(from);
  if (!from.at_end()) request.tickets = read_tickets(from);
  requests.push_back(std::move(request));
  return from.is_good();
}

}  // namespace

RoomFields fields_of(const Room& room, base::Duration unix_offset) {
  const Room::Parts parts = room.parts();
  RoomFields fields;
  fields.emplace(kOrder, order_of(parts.members));
  fields.emplace(kSettings, settings_of(parts));
  for (const Member& member : parts.members) {
    fields.emplace(field_of(kMember, member.peer), member.peerinfo);
    if (member.place == signaling::Place{}) continue;
    fields.emplace(field_of(kPlace, member.peer), place_bytes(member.place));
  }
  for (const JoinRequest& request : parts.requests) {
    fields.emplace(field_of(kRequest, request.candidate), request_of(request));
  }
  for (const FreePlace& free : parts.free_places) {
    fields.emplace(std::string(kFreePlace) + place_bytes(free.place),
                   free_place_of(free, unix_offset));
  }
  if (parts.lingering != signaling::Lingering{}) {
    fields.emplace(kLingering, lingering_of(parts.lingering));
  }
  if (!parts.kicked.empty()) fields.emplace(kKicked, kicked_of(parts.kicked));
  return fields;
}

std::optional<Room> room_of(const RoomFields& fields, base::Duration unix_offset) {
  const auto order = fields.find(kOrder);
  const auto settings = fields.find(kSettings);
  if (order == fields.end() || settings == fields.end()) return std::nullopt;
  Room::Parts parts;
  if (!read_order(order->second, fields, parts.members)) return std::nullopt;
  if (!read_settings(settings->second, parts)) return std::nullopt;
  if (!read_lingering(fields, parts.lingering)) return std::nullopt;
  if (!read_kicked(fields, parts.kicked)) return std::nullopt;
  if (!read_free_places(fields, unix_offset, parts.free_places)) return std::nullopt;
  for (auto field = fields.lower_bound(kRequest);
       field != fields.end() && field->first.starts_with(kRequest); ++field) {
    const std::string_view id = std::string_view(field->first).substr(kRequest.size());
    if (!read_request(id, field->second, parts.requests)) return std::nullopt;
  }
  return Room(std::move(parts));
}

RoomChange difference(const RoomFields& before, const RoomFields& after) {
  RoomChange change;
  for (const auto& [name, value] : after) {
    const auto old = before.find(name);
    if (old == before.end() || old->second != value) change.set.emplace_back(name, value);
  }
  for (const auto& [name, value] : before) {
    if (!after.contains(name)) change.erased.push_back(name);
  }
  return change;
}

std::set<std::uint32_t> nodes_of(const std::optional<Room>& room) {
  std::set<std::uint32_t> nodes;
  if (!room) return nodes;
  if (room->is_empty()) nodes.insert(room->lingering().node);
  for (const Member& member : room->members()) nodes.insert(member.peer.home.node);
  for (const JoinRequest* request : room->requests()) nodes.insert(request->candidate.home.node);
  return nodes;
}

}  // namespace heliograph::cluster
