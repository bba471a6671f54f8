#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/json.hpp"
#include "signaling/refusal.hpp"
#include "signaling/room_action.hpp"
#include "signaling/text.hpp"

namespace heliograph::signaling {

struct AuthRequest {
  std::optional<Text> token;  // absent or no string: not a valid token
  Raw peerinfo;
  std::optional<Text> replaces{};  // a session token of the client's former peer
};

struct CreateRoom {
  Text room;  // empty: the server makes up a name
};

struct JoinRoom {
  Text room;
  std::optional<Text> password;
  std::optional<Text> ticket;
};

struct LeaveRoom {
  Text room;
};

inline constexpr std::size_t kMaxRoomPasswordBytes = 256;

/// A setting that is absent stays as it is.
struct UpdateRoom {
  Text room;
  std::optional<bool> locked;
  std::optional<std::uint32_t> capacity;  // members; 0: no limit
  std::optional<Admission> admission;
  std::optional<Text> password;
};

/// An action that a client asks for on a room, if it is complete as soon as it is read: the
/// client's own worker adds nothing to it and keeps nothing of it.
struct ActOnRoom {
  Text room;
  RoomAction action;
};

enum class RelayKind : std::uint8_t { kSessionDescription, kIceCandidate, kMessage };

struct Relay {
  RelayKind kind;
  Text room;
  Text to;
  Raw body;
};

/// A message to all other members of a room.
struct Broadcast {
  Text room;
  Raw data;
};

using Command = std::variant<AuthRequest, CreateRoom, JoinRoom, LeaveRoom, UpdateRoom, ActOnRoom,
                             Relay, Broadcast>;

/// One client event, typed. Views point into the message that it was parsed from.
struct Request {
  std::optional<Text> auth;  // the session token; absent or no string: not authorised
  Raw payload;
  std::variant<Command, Refusal> command;
  bool needs_auth = true;
  RefusedAs refused_as{};
};

/// The room and target of a refused event, if it has any that can be read.
struct Subject {
  std::string room;
  std::string to;
};
Subject subject_of(const json::Outline& arguments);

/// Reads an event's arguments, `[name, fields, …]` (docs/protocol.md, "Client to server").
/// `arguments` is an array whose first element is a string.
Request parse_request(const json::Outline& arguments);

/// The name as the protocol has it; empty if it has no such client event.
std::string_view known_event(std::string_view name);

/// The server event that tells of a refusal of this client event, if the protocol has one:
/// `auth-reject` for `auth-request`; else empty.
std::string_view reject_event(std::string_view event);

}  // namespace heliograph::signaling
