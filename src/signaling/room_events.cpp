#include "signaling/room_events.hpp"

#include <vector>

namespace heliograph::signaling {
namespace {

EventWriter& write(EventWriter& writer, const RoomSettings& settings) {
  return writer.raw("locked", settings.locked ? "true" : "false")
      .raw("capacity", settings.capacity == 0 ? "null" : std::to_string(settings.capacity))
      .text("admission", text(settings.admission));
}

void append_id(std::string& list, const PeerId& peer) {
  if (list.size() > 1) list += ',';
  ((list += '"') += PeerIdText(peer)) += '"';
}

std::string id_list(const std::vector<PeerId>& peers) {
  std::string list = "[";
  for (const PeerId& peer : peers) append_id(list, peer);
  return list += ']';
}

}  // namespace

std::string room_create_accept(const std::string& room, std::string_view ticket, Raw payload) {
  std::string event;
  EventWriter(event, "room-create-accept")
      .text("room", room)
      .optional_text("ticket", ticket)
      .optional_raw("payload", payload)
      .end();
  return event;
}

std::string entry_arguments(const std::string& room, std::string_view ticket) {
  std::string arguments;
  EventWriter::acknowledgement(arguments).text("room", room).optional_text("ticket", ticket).end();
  return arguments;
}

std::string about_peer(std::string_view event, const std::string& room, const PeerId& peer,
                       Raw peerinfo, Raw payload) {
  std::string out;
  EventWriter(out, event)
      .text("room", room)
      .id("peer_id", peer)
      .optional_raw("peerinfo", peerinfo)
      .optional_raw("payload", payload)
      .end();
  return out;
}

std::string about_peer(std::string_view event, const std::string& room, const PeerId& peer) {
  return about_peer(event, room, peer, {}, {});
}

std::string room_user_join(const std::string& room, const Member& newcomer, Raw payload) {
  std::string event;
  EventWriter(event, "room-user-join")
      .text("room", room)
      .id("peer_id", newcomer.peer)
      .optional_raw("peerinfo", newcomer.peerinfo)
      .optional_raw("owner", newcomer.is_owner ? "true" : "")
      .optional_raw("payload", payload)
      .end();
  return event;
}

std::string room_join_accept(const Room& room, const std::string& name, const Member& newcomer,
                             std::string_view ticket, Raw payload) {
  std::string peers = "[";
  std::string peersinfo = "{";
  for (const Member& member : room.members()) {
    if (member.peer == newcomer.peer) continue;
    append_id(peers, member.peer);
    if (member.peerinfo.empty()) continue;
    append_id(peersinfo, member.peer);
    (peersinfo += ':') += member.peerinfo;
  }
  std::string event;
  EventWriter(event, "room-join-accept")
      .text("room", name)
      .id("peer_id", newcomer.peer)
      .raw("peers", peers += ']')
      .raw("peersinfo", peersinfo += '}')
      .optional_raw("owner", newcomer.is_owner ? "true" : "")
      .optional_text("ticket", ticket)
      .optional_raw("payload", payload)
      .end();
  return event;
}

std::string room_join_reject(const std::string& room, const PeerId& candidate, Error why,
                             Raw payload) {
  std::string event;
  EventWriter(event, kJoinReject)
      .text("room", room)
      .id("peer_id", candidate)
      .text("message", text(why).message)
      .text("code", text(why).code)
      .optional_raw("payload", payload)
      .end();
  return event;
}

std::string room_password_failures(const std::string& room, std::uint32_t failures) {
  std::string event;
  EventWriter(event, "room-password-failures")
      .text("room", room)
      .raw("failures", std::to_string(failures))
      .end();
  return event;
}

std::string room_kick(const std::string& room, const PeerId& kicked, Raw payload) {
  std::string event;
  EventWriter(event, "room-kick")
      .text("room", room)
      .id("peer_id", kicked)
      .text("message", "An owner of the room has taken you out of it")
      .optional_raw("payload", payload)
      .end();
  return event;
}

std::string room_update(const std::string& room, const RoomSettings& settings, Raw payload) {
  std::string event;
  EventWriter writer(event, "room-update");
  write(writer.text("room", room), settings).optional_raw("payload", payload).end();
  return event;
}

std::string settings_arguments(const RoomSettings& settings) {
  std::string arguments;
  EventWriter writer = EventWriter::acknowledgement(arguments);
  write(writer, settings).end();
  return arguments;
}

std::string info_arguments(const Room& room, const std::string& name) {
  std::string arguments;
  EventWriter writer = EventWriter::acknowledgement(arguments);
  writer.text("room", name)
      .raw("owners", id_list(room.owners()))
      .raw("peers", id_list(room.peers()));
  write(writer, room.settings()).end();
  return arguments;
}

}  // namespace heliograph::signaling
