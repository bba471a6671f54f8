#include "cluster/room_record.hpp"

#include <algorithm>

#include "cluster/signaling_bytes.hpp"

namespace heliograph::cluster {
namespace {

using signaling::JoinRequest;
using signaling::Member;
using signaling::Room;

constexpr std::string_view kOrder = "o";
constexpr std::string_view kSettings = "s";
constexpr std::string_view kMember = "m:";
constexpr std::string_view kRequest = "r:";

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

std::string settings_of(const Room::Parts& parts) {
  std::string bytes;
  ByteWriter to(bytes);
  to.flag(parts.settings.locked)
      .number(parts.settings.capacity)
      .number(static_cast<std::uint8_t>(parts.settings.admission))
      .text(parts.settings.password);
  for (const signaling::PeerId& peer : parts.banned) write(to, peer);
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
    members.push_back(std::move(member));
  }
  return from.is_good() && std::ranges::any_of(members, &Member::is_owner);
}

bool read_settings(std::string_view bytes, Room::Parts& parts) {
  ByteReader from(bytes);
  parts.settings.locked = from.flag();
  parts.settings.capacity = from.number<std::uint32_t>();
  const auto admission = from.number<std::uint8_t>();
  if (admission > static_cast<std::uint8_t>(signaling::Admission::kPassword)) from.fail();
  parts.settings.admission = static_cast<signaling::Admission>(admission);
  parts.settings.password = from.text();
  while (from.is_good() && !from.at_end()) parts.banned.push_back(read_peer(from));
  return from.is_good();
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
  requests.push_back(std::move(request));
  return from.is_good();
}

}  // namespace

RoomFields fields_of(const Room& room) {
  const Room::Parts parts = room.parts();
  RoomFields fields;
  fields.emplace(kOrder, order_of(parts.members));
  fields.emplace(kSettings, settings_of(parts));
  for (const Member& member : parts.members) {
    fields.emplace(field_of(kMember, member.peer), member.peerinfo);
  }
  for (const JoinRequest& request : parts.requests) {
    fields.emplace(field_of(kRequest, request.candidate), request_of(request));
  }
  return fields;
}

std::optional<Room> room_of(const RoomFields& fields) {
  const auto order = fields.find(kOrder);
  const auto settings = fields.find(kSettings);
  if (order == fields.end() || settings == fields.end()) return std::nullopt;
  Room::Parts parts;
  if (!read_order(order->second, fields, parts.members)) return std::nullopt;
  if (!read_settings(settings->second, parts)) return std::nullopt;
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
  for (const Member& member : room->members()) nodes.insert(member.peer.home.node);
  for (const JoinRequest* request : room->requests()) nodes.insert(request->candidate.home.node);
  return nodes;
}

}  // namespace heliograph::cluster
