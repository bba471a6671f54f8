#include "load/lane.hpp"

#include <utility>

#include "load/event_text.hpp"
#include "load/load_error.hpp"

namespace heliograph::load {
namespace {

// `"name":json`, as it stands in an object.
std::string member(std::string_view name, std::string_view json) {
  const std::string object = ObjectText().raw(name, json).end();
  return object.substr(1, object.size() - 2);
}

std::string relay_text(const Body& body, std::string_view auth, std::string_view to,
                       std::string_view room) {
  return event_text(body.relay_event, ObjectText()
                                          .text("auth", auth)
                                          .text("to", to)
                                          .text("peer_id", to)
                                          .raw(body.field, body.json)
                                          .text("room", room));
}

}  // namespace

Lane Lane::relay(const Body& body, std::string_view room, Client& sender, const Client& receiver) {
  std::string text = relay_text(body, sender.session_token(), receiver.peer_id(), room);
  const std::size_t sequence_at = text.find(body.json) + body.sequence_at;
  Expected expected;
  expected.start = R"(42[")" + std::string(body.relayed_event) + R"(",{)";
  expected.room_member = member("room", R"(")" + std::string(room) + R"(")");
  expected.body = member(body.field, body.json);
  expected.sequence_at = expected.body.size() - body.json.size() + body.sequence_at;
  return {sender, std::move(text), sequence_at, std::move(expected)};
}

Lane Lane::echo(const Body& body, Client& client) {
  // Stand-ins as long as a token, a peer id and a room name of the signaling dialect.
  std::string text = relay_text(body, std::string(250, 't'), std::string(20, 'p'), "bench-100");
  const std::size_t sequence_at = text.find(body.json) + body.sequence_at;
  Expected expected{"42[", "", text, sequence_at};
  return {client, std::move(text), sequence_at, std::move(expected)};
}

Lane::Lane(Client& sender, std::string text, std::size_t sequence_at, Expected expected)
    : sender_(&sender),
      sender_id_(sender.peer_id()),
      text_(std::move(text)),
      sequence_at_(sequence_at),
      expected_(std::move(expected)) {}

void Lane::send() {
  write_sequence(text_, sequence_at_, ++sent_);
  sender_->send(text_);
}

void Lane::check(std::string_view text) {
  write_sequence(expected_.body, expected_.sequence_at, ++received_);
  if (!is_expected(text)) {
    throw LoadError("a message came out other than it went in: " +
                    std::string(text.substr(0, 400)));
  }
}

bool Lane::is_expected(std::string_view text) const {
  if (expected_.room_member.empty()) {
    return text == expected_.body;
  }
  return text.starts_with(expected_.start) && relayed_by(text) == sender_id_ &&
         text.find(expected_.room_member) != std::string_view::npos &&
         text.find(expected_.body) != std::string_view::npos;
}

std::string_view relayed_by(std::string_view text) {
  return string_member(text, "peer_id").value_or(std::string_view());
}

}  // namespace heliograph::load
