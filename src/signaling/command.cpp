#include "signaling/command.hpp"

#include <array>
#include <type_traits>

namespace heliograph::signaling {
namespace {

constexpr std::string_view kMissing = "is missing";
constexpr std::string_view kNoString = "must be a string";
constexpr std::string_view kNoBool = "must be true or false";

Refusal invalid(std::string_view field, std::string_view problem) {
  return {.error = Error::kInvalidArguments, .field = field, .problem = problem};
}

using TextOrRefusal = std::variant<Text, Refusal>;

// The fields of one event: its second argument, if that is an object. Those that most events have
// are found in one go.
class Fields {
 public:
  Fields(const json::Outline& arguments, const json::Element* object)
      : arguments_(arguments), object_(object) {
    if (!object) return;
    for (const json::Member& member : arguments.members(*object)) note(member);
  }

  // Null if they are not there; of several, the last.
  const json::Value* auth() const { return auth_; }
  const json::Value* room() const { return room_; }
  const json::Value* to() const { return to_; }
  const json::Value* peer_id() const { return peer_id_; }
  const json::Value* payload() const { return payload_; }

  const json::Value* find(std::string_view name) const {
    return object_ ? arguments_.find(*object_, name) : nullptr;
  }

  /// The room has to be there and be a string; else what is wrong with it.
  TextOrRefusal required_room() const { return required_text("room", room_); }

  /// The same of any field that was looked for: null if it is not there.
  static TextOrRefusal required_text(std::string_view name, const json::Value* value) {
    if (!value) return invalid(name, kMissing);
    if (auto text = Text::from(*value)) return *std::move(text);
    return invalid(name, kNoString);
  }

  /// A field that may be absent: false if it is there and `read` makes nothing of it.
  template <typename T>
  bool optional(std::string_view name, std::optional<T> (*read)(const json::Value&),
                std::optional<T>& to) const {
    const json::Value* value = find(name);
    if (value) to = read(*value);
    return !value || to.has_value();
  }

 private:
  void note(const json::Member& member) {
    const auto is = [&](std::string_view name) { return json::is_named(member, name); };
    // Of those without escapes the length tells most.
    const std::size_t length = member.is_name_escaped ? 0 : member.name.size();
    if ((length == 4 || length == 0) && is("auth")) auth_ = &member.value;
    if ((length == 4 || length == 0) && is("room")) room_ = &member.value;
    if ((length == 2 || length == 0) && is("to")) to_ = &member.value;
    if ((length == 7 || length == 0) && is("peer_id")) peer_id_ = &member.value;
    if ((length == 7 || length == 0) && is("payload")) payload_ = &member.value;
  }

  const json::Outline& arguments_;
  const json::Element* object_;
  const json::Value* auth_ = nullptr;
  const json::Value* room_ = nullptr;
  const json::Value* to_ = nullptr;
  const json::Value* peer_id_ = nullptr;
  const json::Value* payload_ = nullptr;
};

Raw raw(const json::Value* value) { return value ? value->text : Raw{}; }

std::optional<Text> text(const json::Value* value) {
  return value ? Text::from(*value) : std::nullopt;
}

using Parsed = std::variant<Command, Refusal>;

const Refusal* refusal_in(const TextOrRefusal& text) { return std::get_if<Refusal>(&text); }
Text take(TextOrRefusal& text) { return std::get<Text>(std::move(text)); }
std::string_view view(const TextOrRefusal& text) { return std::get<Text>(text).view(); }

// `to` and `peer_id` name the same peer; either one serves.
TextOrRefusal other_peer(const Fields& fields) {
  const json::Value* const to_value = fields.to();
  const json::Value* const same_value = fields.peer_id();
  if (!same_value && to_value) return Fields::required_text("to", to_value);
  TextOrRefusal same = Fields::required_text("peer_id", same_value);
  if (!to_value) return same;
  TextOrRefusal to = Fields::required_text("to", to_value);
  if (refusal_in(to)) return to;
  if (refusal_in(same)) return same;
  if (std::get<Text>(to).view() == std::get<Text>(same).view()) return to;
  return invalid("to", "must be the same as \"peer_id\"");
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

// One of these values, by its name on the wire.
template <auto... values>
auto read_name(const json::Value& value) {
  std::optional<std::common_type_t<decltype(values)...>> found;
  const auto name = Text::from(value);
  if (!name) return found;
  for (const auto each : {values...}) {
    if (name->view() == text(each)) found = each;
  }
  return found;
}

constexpr auto kReadAdmission =
    read_name<Admission::kOwner, Admission::kOpen, Admission::kPassword>;
constexpr auto kReadMediaKind = read_name<MediaKind::kAudio, MediaKind::kVideo>;

std::optional<Text> read_password(const json::Value& value) {
  auto password = Text::from(value);
  const bool fits =
      password && !password->view().empty() && password->view().size() <= kMaxRoomPasswordBytes;
  return fits ? std::move(password) : std::nullopt;
}

// "null" as from a client that has none to show.
std::optional<Text> read_ticket(const json::Value& value) {
  return value.kind == json::Kind::kNull ? Text() : Text::from(value);
}

Parsed parse_auth_request(const Fields& fields) {
  return AuthRequest{text(fields.find("token")), raw(fields.find("peerinfo")),
                     text(fields.find("replaces"))};
}

Parsed parse_create(const Fields& fields) {
  const json::Value* room = fields.room();
  if (!room || room->kind == json::Kind::kNull) return CreateRoom{};
  auto name = Text::from(*room);
  if (!name) return invalid("room", kNoString);
  return CreateRoom{*std::move(name)};
}

Parsed parse_join(const Fields& fields) {
  TextOrRefusal room = fields.required_room();
  if (const Refusal* refusal = refusal_in(room)) return *refusal;
  std::optional<Text> password;
  if (!fields.optional("password", Text::from, password)) return invalid("password", kNoString);
  std::optional<Text> ticket;
  if (!fields.optional("ticket", read_ticket, ticket)) return invalid("ticket", kNoString);
  return JoinRoom{take(room), std::move(password), std::move(ticket)};
}

Parsed parse_leave(const Fields& fields) {
  TextOrRefusal room = fields.required_room();
  if (const Refusal* refusal = refusal_in(room)) return *refusal;
  return LeaveRoom{take(room)};
}

Parsed parse_describe(const Fields& fields) {
  TextOrRefusal room = fields.required_room();
  if (const Refusal* refusal = refusal_in(room)) return *refusal;
  return ActOnRoom{take(room), room_action::Describe{}};
}

Parsed parse_kick(const Fields& fields) {
  TextOrRefusal room = fields.required_room();
  if (const Refusal* refusal = refusal_in(room)) return *refusal;
  const TextOrRefusal peer = other_peer(fields);
  if (const Refusal* refusal = refusal_in(peer)) return *refusal;
  std::optional<bool> ban;
  if (!fields.optional("ban", read_bool, ban)) return invalid("ban", kNoBool);
  const auto id = parse_peer_id(view(peer));
  if (!id) return Refusal{.error = Error::kPeerNotInRoom};
  return ActOnRoom{take(room), room_action::Kick{*id, ban.value_or(false)}};
}

Parsed parse_mute(const Fields& fields) {
  TextOrRefusal room = fields.required_room();
  if (const Refusal* refusal = refusal_in(room)) return *refusal;
  const TextOrRefusal peer = other_peer(fields);
  if (const Refusal* refusal = refusal_in(peer)) return *refusal;
  std::optional<MediaKind> kind;
  if (!fields.optional("kind", kReadMediaKind, kind)) {
    return invalid("kind", R"(must be "audio" or "video")");
  }
  if (!kind) return invalid("kind", kMissing);
  const auto id = parse_peer_id(view(peer));
  if (!id) return Refusal{.error = Error::kPeerNotInRoom};
  return ActOnRoom{take(room), room_action::Mute{*id, *kind}};
}

Parsed parse_update(const Fields& fields) {
  TextOrRefusal room = fields.required_room();
  if (const Refusal* refusal = refusal_in(room)) return *refusal;
  UpdateRoom update;
  update.room = take(room);
  if (!fields.optional("locked", read_bool, update.locked)) return invalid("locked", kNoBool);
  if (!fields.optional("capacity", read_capacity, update.capacity)) {
    return invalid("capacity", "must be null or a whole number from 1 to 4294967295");
  }
  if (!fields.optional("admission", kReadAdmission, update.admission)) {
    return invalid("admission", R"(must be "owner", "open" or "password")");
  }
  if (!fields.optional("password", read_password, update.password)) {
    return invalid("password", "must be a string of 1 to 256 bytes");
  }
  return update;
}

template <Answer answer>
Parsed parse_answer(const Fields& fields) {
  TextOrRefusal room = fields.required_room();
  if (const Refusal* refusal = refusal_in(room)) return *refusal;
  const TextOrRefusal candidate = other_peer(fields);
  if (const Refusal* refusal = refusal_in(candidate)) return *refusal;
  const auto id = parse_peer_id(view(candidate));
  if (!id) return Refusal{.error = Error::kNoJoinRequest};
  return ActOnRoom{take(room), room_action::AnswerJoin{*id, answer}};
}

Parsed parse_relay(const Fields& fields, RelayKind kind, std::string_view body_name) {
  TextOrRefusal room = fields.required_room();
  if (const Refusal* refusal = refusal_in(room)) return *refusal;
  TextOrRefusal to = other_peer(fields);
  if (const Refusal* refusal = refusal_in(to)) return *refusal;
  const Raw body = raw(fields.find(body_name));
  if (body.empty()) return invalid(body_name, kMissing);
  return Relay{kind, take(room), take(to), body};
}

Parsed parse_session_description(const Fields& fields) {
  return parse_relay(fields, RelayKind::kSessionDescription, "session_description");
}

Parsed parse_ice_candidate(const Fields& fields) {
  return parse_relay(fields, RelayKind::kIceCandidate, "ice_candidate");
}

// With `to` for that peer, without for all other members.
Parsed parse_message(const Fields& fields) {
  if (fields.to() || fields.peer_id()) {
    return parse_relay(fields, RelayKind::kMessage, "data");
  }
  TextOrRefusal room = fields.required_room();
  if (const Refusal* refusal = refusal_in(room)) return *refusal;
  const Raw data = raw(fields.find("data"));
  if (data.empty()) return invalid("data", kMissing);
  return Broadcast{take(room), data};
}

struct Row {
  std::string_view event;
  Parsed (*parse)(const Fields&);
  std::string_view reject_event{};  // see below; if it is empty, a request-error tells of a refusal
};

constexpr std::array kEvents{
    Row{"relay-ice-candidate", parse_ice_candidate},
    Row{"relay-session-description", parse_session_description},
    Row{"relay-message", parse_message},
    Row{"auth-request", parse_auth_request, "auth-reject"},
    Row{"room-create-request", parse_create, "room-create-reject"},
    Row{"room-join-request", parse_join, "room-join-reject"},
    Row{"room-join-accept", parse_answer<Answer::kAccept>},
    Row{"room-join-reject", parse_answer<Answer::kReject>},
    Row{"room-leave-request", parse_leave},
    Row{"room-kick-request", parse_kick},
    Row{"room-mute-request", parse_mute},
    Row{"room-update-request", parse_update},
    Row{"room-info-request", parse_describe},
};

const Row* find_event(std::string_view name) {
  for (const Row& row : kEvents) {
    if (row.event == name) return &row;
  }
  return nullptr;
}

}  // namespace

Request parse_request(const json::Outline& arguments) {
  const auto elements = arguments.elements();
  const auto name = Text::from(elements[0].value);
  const Row* row = name ? find_event(name->view()) : nullptr;
  if (!row) {
    return {.auth = {},
            .payload = {},
            .command = Refusal{.error = Error::kUnknownEvent},
            .needs_auth = false};
  }

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
  return {.auth = text(fields.auth()),
          .payload = raw(fields.payload()),
          .command = row->parse(fields),
          .needs_auth = !is_auth_request,
          .refused_as = row->reject_event.empty() ? row->event : RefusedAs{}};
}

Subject subject_of(const json::Outline& arguments) {
  const auto elements = arguments.elements();
  if (elements.size() < 2 || elements[1].value.kind != json::Kind::kObject) return {};
  const Fields fields(arguments, &elements[1]);
  const auto name = [](const json::Value* value) {
    const auto read = text(value);
    return read ? std::string(read->view()) : std::string{};
  };
  Subject subject{.room = name(fields.room()), .to = name(fields.to())};
  if (subject.to.empty()) subject.to = name(fields.peer_id());
  return subject;
}

std::string_view known_event(std::string_view name) {
  const Row* const row = find_event(name);
  return row ? row->event : std::string_view{};
}

std::string_view reject_event(std::string_view event) {
  const Row* const row = find_event(event);
  return row ? row->reject_event : std::string_view{};
}

}  // namespace heliograph::signaling
