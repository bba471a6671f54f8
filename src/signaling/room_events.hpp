#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "signaling/event.hpp"
#include "signaling/room.hpp"

// Events and acknowledgements from a room's home to peers; see docs/protocol.md.
namespace heliograph::signaling {

/// `ticket`: empty for none; the same below.
std::string room_create_accept(const std::string& room, std::string_view ticket, Raw payload);

/// The acknowledgement of an entry.
std::string entry_arguments(const std::string& room, std::string_view ticket);

/// room-join-request and room-user-leave: {room, peer_id, peerinfo?, payload?}
std::string about_peer(std::string_view event, const std::string& room, const PeerId& peer,
                       Raw peerinfo, Raw payload);

/// room-join-cancel and room-owner-change: {room, peer_id}
std::string about_peer(std::string_view event, const std::string& room, const PeerId& peer);

/// {room, peer_id, peerinfo?, owner?, payload?}
std::string room_user_join(const std::string& room, const Member& newcomer, Raw payload);

/// With the members other than the candidate, and what each said of itself.
std::string room_join_accept(const Room& room, const std::string& name, const Member& newcomer,
                             std::string_view ticket, Raw payload);

/// To a candidate that waited.
std::string room_join_reject(const std::string& room, const PeerId& candidate, Error why,
                             Raw payload);

/// {room, failures}
std::string room_password_failures(const std::string& room, std::uint32_t failures);

std::string room_kick(const std::string& room, const PeerId& kicked, Raw payload);

std::string room_update(const std::string& room, const RoomSettings& settings, Raw payload);

/// The acknowledgement of room-update-request.
std::string settings_arguments(const RoomSettings& settings);

/// The acknowledgement of room-info-request.
std::string info_arguments(const Room& room, const std::string& name);

}  // namespace heliograph::signaling
