#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/json.hpp"
#include "signaling/refusal.hpp"

namespace heliograph::signaling {

/// A JSON string's characters: a view into the message where it holds no escape, else a copy.
class Text {
 public:
  /// Nothing if the value is no string, or none that UTF-8 can hold (a lone surrogate).
  static std::optional<Text> from(const json::Value& value);
  std::string_view view() const { return decoded_ ? std::string_view(*decoded_) : plain_; }

 private:
  std::string_view plain_;
  std::unique_ptr<const std::string> decoded_;  // null if it is plain; cheap to move so
};

/// A JSON value as it came, passed through byte for byte; empty where the field was absent.
using Raw = std::string_view;

struct AuthRequest {
  std::optional<Text> token;  // absent or no string: not a valid token
  Raw peerinfo;
  std::optional<Text> replaces{};  // a session token of the peer that the client was before
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

enum class Answer : std::uint8_t { kAccept, kReject };

struct AnswerJoin {
  Answer answer;
  Text room;
  Text candidate;
};

struct KickPeer {
  Text room;
  Text peer;
  bool ban = false;
};

/// Who may enter a room: whom an owner lets in, everybody, or who knows the password.
enum class Admission : std::uint8_t { kOwner, kOpen, kPassword };
std::string_view text(Admission admission);  // as it is called on the wire

inline constexpr std::size_t kMaxRoomPasswordBytes = 256;

/// What is absent stays as it is.
struct UpdateRoom {
  Text room;
  std::optional<bool> locked;
  std::optional<std::uint32_t> capacity;  // members; 0: no limit
  std::optional<Admission> admission;
  std::optional<Text> password;
};

struct AskAboutRoom {
  Text room;
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

using Command = std::variant<AuthRequest, CreateRoom, JoinRoom, LeaveRoom, AnswerJoin, KickPeer,
                             UpdateRoom, AskAboutRoom, Relay, Broadcast>;

/// One client event, typed. Views point into the message that it was parsed from.
struct Request {
  std::optional<Text> auth;  // the session token; absent or no string: not authorised
  Raw payload;
  std::variant<Command, Refusal> command;  // kUnknownEvent or kInvalidArguments
  bool needs_auth = true;
  ClientEvent event = ClientEvent::kNone;
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

/// The server event that tells of a refusal of this client event, where the protocol has one:
/// `auth-reject` for `auth-request`; else empty.
std::string_view reject_event(std::string_view event);

}  // namespace heliograph::signaling
