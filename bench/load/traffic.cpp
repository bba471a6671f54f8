#include "load/traffic.hpp"

#include <string>

#include "load/gathering.hpp"
#include "load/load_error.hpp"
#include "load/measurement.hpp"

namespace heliograph::load {

Lanes Lanes::of_rooms(const Body& body, const Crowd& crowd, std::size_t room_size) {
  Lanes lanes;
  const auto& clients = crowd.clients();
  lanes.ends_.resize(clients.size());
  for (std::size_t sender = 0; sender < clients.size(); ++sender) {
    const std::size_t room = sender / room_size;
    for (std::size_t step = 1; step < room_size; ++step) {
      const std::size_t receiver = room * room_size + (sender + step) % room_size;
      lanes.ends_[sender].from.push_back(lanes.lanes_.size());
      lanes.ends_[receiver].to.push_back(lanes.lanes_.size());
      lanes.lanes_.push_back(
          Lane::relay(body, Gathering::room_name(room), *clients[sender], *clients[receiver]));
    }
  }
  return lanes;
}

Lanes Lanes::of_echo(const Body& body, const Crowd& crowd) {
  Lanes lanes;
  for (const auto& client : crowd.clients()) {
    const std::size_t lane = lanes.lanes_.size();
    lanes.ends_.push_back({{lane}, {lane}});
    lanes.lanes_.push_back(Lane::echo(body, *client));
  }
  return lanes;
}

std::size_t Lanes::send_from(std::size_t client) {
  Ends& ends = ends_[client];
  const std::size_t lane = ends.from[ends.turn];
  ends.turn = (ends.turn + 1) % ends.from.size();
  lanes_[lane].send();
  return lane;
}

std::size_t Lanes::check(const Client& receiver, std::string_view text) {
  const std::vector<std::size_t>& candidates = ends_[receiver.index()].to;
  std::size_t lane = candidates.front();
  if (candidates.size() > 1) {
    const std::string_view sender = relayed_by(text);
    for (const std::size_t candidate : candidates) {
      if (lanes_[candidate].sender_id() == sender) {
        lane = candidate;
      }
    }
  }
  lanes_[lane].check(text);
  return lane;
}

Rally::Rally(EventLoop& loop, Lanes& lanes, const Crowd& crowd)
    : loop_(loop), lanes_(lanes), clients_(crowd.clients().size()) {
  for (const auto& client : crowd.clients()) {
    client->set_handler(*this);
  }
}

void Rally::start(std::size_t room_size, std::size_t starters, std::size_t messages) {
  finishing_ = false;
  for (std::size_t client = 0; client < clients_; ++client) {
    if (client % room_size < starters) {
      for (std::size_t message = 0; message < messages; ++message) {
        send_from(client);
      }
    }
  }
}

void Rally::finish() {
  finishing_ = true;
  turn_until(
      loop_, "waiting for the last messages", [&] { return received_ == sent_; },
      [&] { return received_; });
}

void Rally::on_ready(Client&) { throw LoadError("a client was ready twice"); }

void Rally::on_message(Client& client, std::string_view text) {
  lanes_.check(client, text);
  ++received_;
  if (!finishing_) {
    send_from(client.index());
  }
}

void Rally::on_closed(Client&) { throw LoadError("a client was closed"); }

void Rally::send_from(std::size_t client) {
  ++sent_;
  lanes_.send_from(client);
}

}  // namespace heliograph::load
