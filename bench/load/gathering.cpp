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
      client->send(event_text("room-create-request", about_room(*client)));
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
  const auto [name, argument] = read_event(text).value_or(Event{});
  if (name == "room-create-accept") {
    for (std::size_t guest = client.index() + 1; guest < client.index() + size_; ++guest) {
      Client& joining = *crowd_.clients()[guest];
      joining.send(event_text("room-join-request", about_room(joining)));
    }
  } else if (name == "room-join-request") {
    const std::string_view peer = string_member(argument, "peer_id").value_or("?");
    client.send(
        event_text("room-join-accept", about_room(client).text("peer_id", peer).text("to", peer)));
  } else if (name == "room-join-accept") {
    ++joins_;
  } else if (name == "room-user-join") {
    ++joins_heard_;
  } else {
    throw LoadError("unexpected while gathering in rooms: " + std::string(text.substr(0, 300)));
  }
}

void Gathering::on_closed(Client&) { throw LoadError("a client was closed"); }

ObjectText Gathering::about_room(const Client& client) const {
  return ObjectText()
      .text("auth", client.session_token())
      .text("room", room_name(first_room_ + client.index() / size_));
}

}  // namespace heliograph::load
