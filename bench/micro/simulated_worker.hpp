#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/application.hpp"
#include "gateway/hub.hpp"

namespace heliograph::micro {

// One worker with everything but the network: clients that speak Engine.IO messages to its hub. It
// keeps of what the server says only the last message and how many there were.
class SimulatedWorker {
 public:
  // Room for `clients` is made at once, so that what they cost afterwards is the server's own.
  explicit SimulatedWorker(std::size_t clients);

  struct Identity {
    std::string peer_id;
    std::string session_token;
  };
  // Connects and authenticates a client.
  Identity come(std::size_t client);
  void go(std::size_t client) { clients_[client].session.reset(); }

  // A Socket.IO event of this client, `["name",{…}]` without the leading `2`.
  void say(std::size_t client, std::string_view event);

  const std::string& last_heard() const { return heard_; }
  std::size_t messages_heard() const { return messages_; }

 private:
  class Ear final : public gateway::Channel {
   public:
    explicit Ear(SimulatedWorker& worker) : worker_(worker) {}
    void send_text(std::span<const std::string_view> parts) override;
    void send_binary(std::string_view bytes) override;
    void close(gateway::CloseReason reason) override;
    bool is_closing() const override { return false; }

   private:
    SimulatedWorker& worker_;
  };

  struct Client {
    Ear ear;
    std::unique_ptr<gateway::Client> session;
  };

  void receive(std::size_t client, std::string_view message);

  base::Now now_;
  gateway::Hub hub_;
  std::string app_token_;
  std::string heard_;
  std::string said_;
  std::size_t messages_ = 0;
  std::vector<Client> clients_;
};

}  // namespace heliograph::micro
