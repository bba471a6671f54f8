#pragma once

#include <chrono>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

namespace heliograph::load {

class Client;

// One epoll set and what all its clients share: the receive buffer, the source of masks, the list
// of clients with something to send. Single-threaded.
class EventLoop {
 public:
  EventLoop();
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  // Waits at most `timeout` (0 = not at all), then lets every ready client read and every client
  // that was given something to send write it, once.
  void turn(std::chrono::milliseconds timeout);

  void add(int descriptor, std::uint32_t events, Client& client) const;
  void modify(int descriptor, std::uint32_t events, Client& client) const;
  void flush_later(Client& client) { unsent_.push_back(&client); }

  std::span<char> receive_buffer() { return buffer_; }
  std::uint32_t next_mask() { return static_cast<std::uint32_t>(random_()); }

 private:
  void flush();

  int epoll_;
  std::vector<char> buffer_;
  std::vector<Client*> unsent_;
  std::mt19937 random_{std::random_device{}()};
};

}  // namespace heliograph::load
