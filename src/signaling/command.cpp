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

 private:
  const json::Outline& arguments_;
  const json::Element* object_;
};

using Parsed = std::variant<Command, Error>;

// `to` and `peer_id` name the same peer; either one serves.
std::optional<Text> other_peer(const Fields& fields) {
  const bool has_to = fields.find("to") != nullptr;
  const bool has_peer_id = fields.find("peer_id") != nullptr;
  auto to = fields.text(has_to ? "to" : "peer_id");
  if (has_to && has_peer_id) {
    const auto peer_id = fields.text("peer_id");
    if (!to || !peer_id || to->view() != peer_id->view()) return std::nullopt;
  }
  return to;
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
  if (!room) return Error::kInvalidArguments;
  return JoinRoom{*std::move(room)};
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

struct Row {
  std::string_view event;
  Parsed (*parse)(const Fields&);
};

constexpr std::array kEvents{
    Row{"relay-ice-candidate", parse_ice_candidate},
    Row{"relay-session-description", parse_session_description},
    Row{"auth-request", parse_auth_request},
    Row{"room-create-request", parse_create},
    Row{"room-join-request", parse_join},
    Row{"room-join-accept", parse_answer<Answer::kAccept>},
    Row{"room-join-reject", parse_answer<Answer::kReject>},
};

const Row* find_event(std::string_view name) {
  for (const Row& row : kEvents) {
    if (row.event == name) return &row;
  }
  return nullptr;
}

}  // namespace

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

std::string_view reject_event(std::string_view event) {
  if (event == "auth-request") return "auth-reject";
  if (event == "room-create-request") return "room-create-reject";
  if (event == "room-join-request") return "room-join-reject";
  return {};
}

}  // namespace heliograph::signaling
