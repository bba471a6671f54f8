#pragma once

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "reactor/descriptor.hpp"

namespace heliograph::reactor::testing {

/// A client that sends exactly the given bytes. Output that does not come within ten seconds is
/// missing.
class TestClient {
 public:
  /// A slow one lets the server send only as much as it reads.
  enum class Pace : unsigned char { kPrompt, kSlow };

  explicit TestClient(std::uint16_t port, Pace pace = Pace::kPrompt)
      : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    const int few_bytes = 4096;
    if (pace == Pace::kSlow) {
      ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVBUF, &few_bytes, sizeof few_bytes);
    }
    const timeval patience{.tv_sec = 10, .tv_usec = 0};
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const auto* where = reinterpret_cast<const sockaddr*>(&address);
    EXPECT_EQ(::connect(socket_.get(), where, sizeof address), 0)
        << std::generic_category().message(errno);
  }

  void send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent < 0) return;  // a server may close before it has heard everything
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  void end_output() { ::shutdown(socket_.get(), SHUT_WR); }
  /// Closes so that the server gets a reset.
  void reset() {
    const linger none{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_LINGER, &none, sizeof none);
    socket_.reset();
  }
  int descriptor() const { return socket_.get(); }
  /// Whether something has come that was not read.
  bool has_input() const {
    char byte = 0;
    return !held_.empty() || ::recv(socket_.get(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
  }

  /// All output up to and including `end`; if `end` does not come, all that came.
  std::string read_until(std::string_view end) {
    while (held_.find(end) == std::string::npos && receive()) {
    }
    const std::size_t found = held_.find(end);
    return take(found == std::string::npos ? held_.size() : found + end.size());
  }
  std::string read(std::size_t count) {
    while (held_.size() < count && receive()) {
    }
    return take(std::min(count, held_.size()));
  }
  /// All output until the server closes its side; followed by "(no end)" if it does not.
  std::string read_to_end() {
    while (receive()) {
    }
    const bool has_ended = errno != EAGAIN;
    return take(held_.size()) + (has_ended ? "" : "(no end)");
  }

  /// The next response's body; its head is in head().
  std::string response() {
    head_ = read_until("\r\n\r\n");
    const std::size_t length = head_.find("Content-Length: ");
    if (length == std::string::npos) return {};
    return read(std::stoul(head_.substr(length + 16)));
  }
  const std::string& head() const { return head_; }
  std::string status() const { return head_.substr(0, 12); }

  /// The payload of the next frame, which a server does not mask; "close 1002" for a close frame.
  std::string frame() {
    const std::string start = read(2);
    if (start.size() < 2) return "(end)";
    std::size_t length = static_cast<unsigned char>(start[1]);
    if (length >= 126) {
      std::size_t bytes = length == 126 ? 2 : 8;
      length = 0;
      for (const char c : read(bytes)) length = length << 8 | static_cast<unsigned char>(c);
    }
    std::string payload = read(length);
    if ((start[0] & 0x0f) != 8) return payload;
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(payload[i]); };
    return payload.empty() ? "close" : "close " + std::to_string(byte(0) << 8 | byte(1));
  }

 private:
  bool receive() {
    std::array<char, 65'536> buffer;
    errno = 0;
    const ssize_t got = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
    if (got > 0) held_.append(buffer.data(), static_cast<std::size_t>(got));
    return got > 0;
  }
  std::string take(std::size_t count) {
    std::string taken = held_.substr(0, count);
    held_.erase(0, count);
    return taken;
  }

  Descriptor socket_;
  std::string held_;
  std::string head_;
};

}  // namespace heliograph::reactor::testing
