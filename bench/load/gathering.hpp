#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "load/client.hpp"
#include "load/crowd.hpp"
#include "load/event_loop.hpp"
#include "load/event_text.hpp"

namespace heliograph::load {

// Brings ready clients together in rooms of `size`, numbered from `first_room`: the first of each
// creates it, the others ask to join, the first accepts them.
class Gathering : public ClientHandler {
 public:
  Gathering(EventLoop& loop, const Crowd& crowd, std::size_t size, std::size_t first_room = 0)
      : loop_(loop), crowd_(crowd), size_(size), first_room_(first_room) {}

  // Returns when every client of the crowd is in its room and has heard of all the joins.
  void gather();

  static std::string room_name(std::size_t room) { return "bench-" + std::to_string(room); }

  void on_ready(Client& client) override;
  void on_message(Client& client, std::string_view text) override;
  void on_closed(Client& client) override;

 private:
  bool is_owner(const Client& client) const { return client.index() % size_ == 0; }
  // The members `auth` and `room` of what this client sends.
  ObjectText about_room(const Client& client) const;

  EventLoop& loop_;
  const Crowd& crowd_;
  std::size_t size_;
  std::size_t first_room_;
  std::size_t joins_ = 0;
  std::size_t joins_heard_ = 0;
};

}  // namespace heliograph::load
