#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "load/client.hpp"
#include "load/event_loop.hpp"

namespace heliograph::load {

// Clients that connect, authenticate and then stay, doing no more than answering heartbeats.
class Crowd : public ClientHandler {
 public:
  Crowd(EventLoop& loop, const Target& target) : loop_(loop), target_(target) {}

  // Returns when there are `size` ready clients.
  void grow_to(std::size_t size);

  const std::vector<std::unique_ptr<Client>>& clients() const { return clients_; }

  void on_ready(Client& client) override;
  void on_message(Client& client, std::string_view text) override;
  void on_closed(Client& client) override;

 private:
  EventLoop& loop_;
  const Target& target_;
  std::vector<std::unique_ptr<Client>> clients_;
  std::size_t ready_ = 0;
};

}  // namespace heliograph::load
