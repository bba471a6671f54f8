#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "load/body.hpp"
#include "load/client.hpp"

namespace heliograph::load {

// One direction of talk between two clients of a room, or between a client and the echo: numbered
// messages go in at one end, and each is checked when it comes out at the other.
class Lane {
 public:
  // Both clients are ready and in `room`; the sender outlives the lane.
  static Lane relay(const Body& body, std::string_view room, Client& sender,
                    const Client& receiver);
  // The same frames, expected back unchanged from a server of the echo dialect.
  static Lane echo(const Body& body, Client& client);

  void send();

  // Throws LoadError unless `text` is this lane's next message: the right event, the right room,
  // from the right peer, its body byte for byte.
  void check(std::string_view text);

  const std::string& sender_id() const { return sender_id_; }

 private:
  struct Expected {
    std::string start;            // of the whole text
    std::string room_member;      // `"room":"…"`; empty in the echo dialect
    std::string body;             // `"ice_candidate":{…}`, or the whole text of an echo
    std::size_t sequence_at = 0;  // in `body`
  };

  Lane(Client& sender, std::string text, std::size_t sequence_at, Expected expected);
  bool is_expected(std::string_view text) const;

  Client* sender_;
  std::string sender_id_;
  std::string text_;
  std::size_t sequence_at_;  // in `text_`
  Expected expected_;
  std::uint32_t sent_ = 0;
  std::uint32_t received_ = 0;
};

// The peer that a relayed event names as its sender; empty where there is none.
std::string_view relayed_by(std::string_view text);

}  // namespace heliograph::load
