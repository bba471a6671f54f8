#include "load/gathering.hpp"

#include "load/event_text.hpp"
#include "load/load_error.hpp"
#include "load/measurement.hpp"

namespace heliograph::load {

void Gathering::gather() {
  const auto& clients = crowd_.clients();
  for (const auto& client : clients) {
    client->set_handler(*this);
    if (is_owner(*client)) {
      send(*client, "room-create-request");
    }
  }
  // The n-th to join is heard of by the n - 1 there before, counting the owner.
  const std::size_t rooms = clients.size() / size_;
  const std::size_t joins = rooms * (size_ - 1);
  const std::size_t heard = rooms * (size_ - 1) * size_ / 2;
  turn_until(
      loop_, "gathering in rooms", [&] { return joins_ == joins && joins_heard_ == heard; },
      [&] { return joins_ + joins_heard_; });
}

void Gathering::on_ready(Client&) { throw LoadError("a client was ready twice"); }

void Gathering::on_message(Client& client, std::string_view text) {
  const auto event = read_event(text);
  const std::string_view name = event ? event->name : std::string_view();
  if (name == "room-create-accept") {
    for (std::size_t guest = client.index() + 1; guest < client.index() + size_; ++guest) {
      send(*crowd_.clients()[guest], "room-join-request");
    }
  } else if (name == "room-join-request") {
    const std::string peer(string_member(event->argument, "peer_id").value_or("?"));
    send(client, "room-join-accept", ",\"to\":\"" + peer + "\",\"peer_id\":\"" + peer + "\"");
  } else if (name == "room-join-accept") {
    ++joins_;
  } else if (name == "room-user-join") {
    ++joins_heard_;
  } else {
    throw LoadError("unexpected while gathering in rooms: " + std::string(text.substr(0, 300)));
  }
}

void Gathering::on_closed(Client&) { throw LoadError("a client was closed"); }

void Gathering::send(Client& client, std::string_view event, std::string_view more) {
  const std::string room = room_name(client.index() / size_);
  client.send(event_text(event, "{\"auth\":\"" + client.session_token() + "\",\"room\":\"" + room +
                                    "\"" + std::string(more) + "}"));
}

}  // namespace heliograph::load
