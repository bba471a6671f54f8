#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "engineio/packet.hpp"

namespace heliograph::engineio {

/// The packets that wait for the polls of one session, in order.
class PollQueue {
 public:
  /// Packets of one answer: the Python client refuses a payload that holds more.
  static constexpr std::size_t kMaxPackets = 16;

  /// Text must not hold the separator, which JSON never does. A binary packet is a message.
  void append(PacketType type, std::string_view data) { payload_for_packet(type) += data; }
  void append_binary(std::string_view data);
  /// Begins a packet; what is appended to the returned payload is its data.
  std::string& payload_for_packet(PacketType type);

  bool empty() const { return first_ == payload_.size(); }
  /// Bytes that wait.
  std::size_t size() const { return payload_.size() - first_; }
  /// Whether take() empties the queue, even if `more` packets were to follow.
  bool fits(std::size_t more = 0) const;

  /// Takes the payload of one answer off the front: that many packets at most.
  std::string take(std::size_t packets = kMaxPackets);
  /// Takes all of it, as one payload of any number of packets.
  std::string take_all();

 private:
  std::size_t end_of(std::size_t packets) const;

  std::string payload_;
  std::size_t first_ = 0;  // what is before it has been taken
};

}  // namespace heliograph::engineio
