#include "signaling/command.hpp"

#include <array>

namespace heliograph::signaling {
namespace {

// The fields of one event: its second argument, where that is an object.
class Fields {
 public:
  Fields(const json::Outline& arguments, const json::Element* object)
      : arguments_(arguments), object_(object) {}

  const json::Value* find(std::string_view name) const {
    return object_ ? arguments_.find(*object_, name) : nullptr;
  }

  Raw raw(std::string_view name) const {
    const json::Value* value = find(name);
    return value ? value->text : Raw{};
  }

  std::optional<Text> text(std::string_view name) const {
    const json::Value* value = find(name);
    return value ? Text::from(*value) : std::nullopt;
  }

  /// A field that may be absent: false where it is there and `read` makes nothing of it.
  template <typename T>
  bool optional(std::string_view name, std::optional<T> (*read)(const json::Value&),
                std::optional<T>& to) const {
    const json::Value* value = find(name);
    if (value) to = read(*value);
    return !value || to.has_value();
  }

 private:
  const json::Outline& arguments_;
  const json::Element* object_;
};

using Parsed = std::variant<Command, Error>;

// `to` and `peer_id` name the same peer; either one serves.
std::optional<Text> other_peer(const Fields& fields) {
  const json::Value* const to = fields.find("to");
  const json::Value* const peer_id = fields.find("peer_id");
  if (!to || !peer_id) {
    const json::Value* const either = to ? to : peer_id;
    return either ? Text::from(*either) : std::nullopt;
  }
  auto name = Text::from(*to);
  const auto same = Text::from(*peer_id);
  return name && same && name->view() == same->view() ? std::move(name) : std::nullopt;
}

std::optional<bool> read_bool(const json::Value& value) {
  if (value.kind == json::Kind::kTrue) return true;
  if (value.kind == json::Kind::kFalse) return false;
  return std::nullopt;
}

std::optional<std::uint32_t> read_capacity(const json::Value& value) {
  if (value.kind == json::Kind::kNull) return 0;
  const auto number = json::decode_unsigned(value);
  if (!number || *number == 0 || *number > UINT32_MAX) return std::nullopt;
  return static_cast<std::uint32_t>(*number);
}

std::optional<Admission> read_admission(const json::Value& value) {
  const auto name = Text::from(value);
  if (!name) return std::nullopt;
  for (const Admission admission : {Admission::kOwner, Admission::kOpen, Admission::kPassword}) {
    if (name->view() == text(admission)) return admission;
  }
  return std::nullopt;
}

std::optional<Text> read_password(const json::Value& value) {
  auto password = Text::from(value);
  const bool fits =
      password && !password->view().empty() && password->view().size() <= kMaxRoomPasswordBytes;
  return fits ? std::move(password) : std::nullopt;
}

Parsed parse_auth_request(const Fields& fields) {
  return AuthRequest{fields.text("token"), fields.raw("peerinfo")};
}

Parsed parse_create(const Fields& fields) {
  const json::Value* room = fields.find("room");
  if (!room || room->kind == json::Kind::kNull) return CreateRoom{};
  auto name = Text::from(*room);
  if (!name) return Error::kInvalidArguments;
  return CreateRoom{*std::move(name)};
}

Parsed parse_join(const Fields& fields) {
  auto room = fields.text("room");
  std::optional<Text> password;
  const bool valid = fields.optional("password", Text::from, password);
  if (!room || !valid) return Error::kInvalidArguments;
  return JoinRoom{*std::move(room), std::move(password)};
}

Parsed parse_leave(const Fields& fields) {
  auto room = fields.text("room");
  if (!room) return Error::kInvalidArguments;
  return LeaveRoom{*std::move(room)};
}

Parsed parse_question(const Fields& fields) {
  auto room = fields.text("room");
  if (!room) return Error::kInvalidArguments;
  return AskAboutRoom{*std::move(room)};
}

Parsed parse_kick(const Fields& fields) {
  auto room = fields.text("room");
  auto peer = other_peer(fields);
  std::optional<bool> ban;
  const bool valid = fields.optional("ban", read_bool, ban);
  if (!room || !peer || !valid) return Error::kInvalidArguments;
  return KickPeer{*std::move(room), *std::move(peer), ban.value_or(false)};
}

Parsed parse_update(const Fields& fields) {
  UpdateRoom update;
  auto room = fields.text("room");
  const bool valid = fields.optional("locked", read_bool, update.locked) &&
                     fields.optional("capacity", read_capacity, update.capacity) &&
                     fields.optional("admission", read_admission, update.admission) &&
                     fields.optional("password", read_password, update.password);
  if (!room || !valid) return Error::kInvalidArguments;
  update.room = *std::move(room);
  return update;
}

template <Answer answer>
Parsed parse_answer(const Fields& fields) {
  auto room = fields.text("room");
  auto candidate = other_peer(fields);
  if (!room || !candidate) return Error::kInvalidArguments;
  return AnswerJoin{answer, *std::move(room), *std::move(candidate)};
}

Parsed parse_relay(const Fields& fields, RelayKind kind, std::string_view body_name) {
  auto room = fields.text("room");
  auto to = other_peer(fields);
  const Raw body = fields.raw(body_name);
  if (!room || !to || body.empty()) return Error::kInvalidArguments;
  return Relay{kind, *std::move(room), *std::move(to), body};
}

Parsed parse_session_description(const Fields& fields) {
  return parse_relay(fields, RelayKind::kSessionDescription, "session_description");
}

Parsed parse_ice_candidate(const Fields& fields) {
  return parse_relay(fields, RelayKind::kIceCandidate, "ice_candidate");
}

// With `to` for that peer, without for all other members.
Parsed parse_message(const Fields& fields) {
  if (fields.find("to") || fields.find("peer_id")) {
    return parse_relay(fields, RelayKind::kMessage, "data");
  }
  auto room = fields.text("room");
  const Raw data = fields.raw("data");
  if (!room || data.empty()) return Error::kInvalidArguments;
  return Broadcast{*std::move(room), data};
}

struct Row {
  std::string_view event;
  Parsed (*parse)(const Fields&);
};

constexpr std::array kEvents{
    Row{"relay-ice-candidate", parse_ice_candidate},
    Row{"relay-session-description", parse_session_description},
    Row{"relay-message", parse_message},
    Row{"auth-request", parse_auth_request},
    Row{"room-create-request", parse_create},
    Row{"room-join-request", parse_join},
    Row{"room-join-accept", parse_answer<Answer::kAccept>},
    Row{"room-join-reject", parse_answer<Answer::kReject>},
    Row{"room-leave-request", parse_leave},
    Row{"room-kick-request", parse_kick},
    Row{"room-update-request", parse_update},
    Row{"room-info-request", parse_question},
};

const Row* find_event(std::string_view name) {
  for (const Row& row : kEvents) {
    if (row.event == name) return &row;
  }
  return nullptr;
}

}  // namespace

std::string_view text(Admission admission) {
  switch (admission) {
    case Admission::kOwner:
      return "owner";
    case Admission::kOpen:
      return "open";
    case Admission::kPassword:
      return "password";
  }
  return {};
}

std::optional<Text> Text::from(const json::Value& value) {
  if (value.kind != json::Kind::kString) return std::nullopt;
  Text text;
  text.plain_ = value.text.substr(1, value.text.size() - 2);
  if (text.plain_.find('\\') == std::string_view::npos) return text;
  auto decoded = json::decode_string(value);
  if (!decoded) return std::nullopt;
  text.decoded_ = *std::move(decoded);
  return text;
}

Request parse_request(const json::Outline& arguments) {
  const auto elements = arguments.elements();
  const auto name = Text::from(elements[0].value);
  const Row* row = name ? find_event(name->view()) : nullptr;
  if (!row)
    return {.auth = {}, .payload = {}, .command = Error::kUnknownEvent, .needs_auth = false};

  const json::Element* argument = elements.size() > 1 ? &elements[1] : nullptr;
  const bool is_object = argument && argument->value.kind == json::Kind::kObject;
  const bool is_auth_request = row->parse == parse_auth_request;
  if (is_auth_request && argument && !is_object) {
    return {.auth = {},
            .payload = {},
            .command = AuthRequest{Text::from(argument->value), {}},
            .needs_auth = false};
  }
  const Fields fields(arguments, is_object ? argument : nullptr);
  return {.auth = fields.text("auth"),
          .payload = fields.raw("payload"),
          .command = row->parse(fields),
          .needs_auth = !is_auth_request};
}

std::string_view known_event(std::string_view name) {
  const Row* const row = find_event(name);
  return row ? row->event : std::string_view{};
}

std::string_view reject_event(std::string_view event) {
  if (event == "auth-request") return "auth-reject";
  if (event == "room-create-request") return "room-create-reject";
  if (event == "room-join-request") return "room-join-reject";
  return {};
}

}  // namespace heliograph::signaling
