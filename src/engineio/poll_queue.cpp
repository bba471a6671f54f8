#include "engineio/poll_queue.hpp"

#include <utility>

#include "engineio/payload.hpp"

namespace heliograph::engineio {

void PollQueue::append_binary(std::string_view data) {
  if (empty()) {
    payload_.clear();
    first_ = 0;
  }
  append_packet(payload_, PacketType::kMessage, data, true);
}

std::string& PollQueue::payload_for_packet(PacketType type) {
  if (empty()) {
    payload_.clear();
    first_ = 0;
  } else {
    payload_ += kSeparator;
  }
  payload_ += static_cast<char>(type);
  return payload_;
}

bool PollQueue::fits(std::size_t more) const {
  return empty() || end_of(kMaxPackets - more) == payload_.size();
}

std::string PollQueue::take(std::size_t packets) {
  const std::size_t end = end_of(packets);
  if (end == payload_.size()) return take_all();
  std::string taken = payload_.substr(first_, end - first_);
  first_ = end + 1;
  // Moved once for each time that the queue halves, so that a long one costs no more to take than
  // to fill.
  if (first_ > payload_.size() / 2) payload_.erase(0, std::exchange(first_, 0));
  return taken;
}

std::string PollQueue::take_all() {
  std::string taken = std::exchange(payload_, {});
  taken.erase(0, std::exchange(first_, 0));
  return taken;
}

// Where the payload of that many packets ends: at a separator, or at the very end.
std::size_t PollQueue::end_of(std::size_t packets) const {
  std::size_t end = first_;
  while (true) {
    end = payload_.find(kSeparator, end);
    if (end == std::string::npos) return payload_.size();
    if (--packets == 0) return end;
    ++end;
  }
}

}  // namespace heliograph::engineio
