#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "load/body.hpp"
#include "load/client.hpp"
#include "load/crowd.hpp"
#include "load/event_loop.hpp"
#include "load/lane.hpp"

namespace heliograph::load {

// Who talks to whom: a lane in each direction between any two clients of a room, or one from each
// client to the echo and back. The crowd outlives it.
class Lanes {
 public:
  // The crowd is gathered in rooms of `room_size`.
  static Lanes of_rooms(const Body& body, const Crowd& crowd, std::size_t room_size);
  static Lanes of_echo(const Body& body, const Crowd& crowd);

  // Sends one message from the client of that index, to the others of its room in turn. Returns
  // the index of the lane.
  std::size_t send_from(std::size_t client);

  // Checks a message that `receiver` got and returns the index of the lane it came by. Throws
  // LoadError on a wrong one.
  std::size_t check(const Client& receiver, std::string_view text);

  std::size_t size() const { return lanes_.size(); }

 private:
  struct Ends {
    std::vector<std::size_t> from;  // lanes that start at a client
    std::vector<std::size_t> to;
    std::size_t turn = 0;  // in `from`
  };

  std::vector<Lane> lanes_;
  std::vector<Ends> ends_;  // by the index of a client
};

// Closed loop: whoever gets a message sends one to the next in the room, so that the number in
// flight stays the same.
class Rally : public ClientHandler {
 public:
  Rally(EventLoop& loop, Lanes& lanes, const Crowd& crowd);

  // The first `starters` of every `room_size` clients send `messages` each.
  void start(std::size_t room_size, std::size_t starters, std::size_t messages);
  // Answers no more and returns when every message has arrived: none may be lost.
  void finish();
  std::uint64_t received() const { return received_; }

  void on_ready(Client& client) override;
  void on_message(Client& client, std::string_view text) override;
  void on_closed(Client& client) override;

 private:
  void send_from(std::size_t client);

  EventLoop& loop_;
  Lanes& lanes_;
  std::size_t clients_;
  bool finishing_ = false;
  std::uint64_t sent_ = 0;
  std::uint64_t received_ = 0;
};

}  // namespace heliograph::load
