#pragma once

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <functional>
#include <latch>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "net/descriptor.hpp"
#include "net/worker.hpp"
#include "websocket/frame.hpp"
#include "websocket/mask.hpp"

// Workers on loopback and clients of plain sockets, for tests only.
namespace heliograph::net::testing {

/// A client that says exactly what it is told to. What does not come within ten seconds is missing.
class TestClient {
 public:
  /// A slow one takes no more off the server's hands than it reads.
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

  /// All that comes up to and with `end`; what there was where it does not come.
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
  /// All that comes before the server closes its side; "(no end)" behind it where that does not.
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

inline std::string client_frame(std::string_view payload,
                                websocket::Opcode opcode = websocket::Opcode::kText) {
  std::array<char, websocket::kMaxHeaderBytes> header;
  std::string frame(header.data(), websocket::write_header(header.data(), opcode, payload.size()));
  frame[1] = static_cast<char>(frame[1] | '\x80');
  frame += std::string(4, '\0');  // a mask that changes nothing
  return frame += payload;
}

inline std::string get(std::string_view target, std::string_view headers = {}) {
  std::string request = "GET ";
  request.append(target).append(" HTTP/1.1\r\nHost: x\r\n").append(headers);
  return request += "\r\n";
}

inline std::string post(std::string_view target, std::string_view body) {
  std::string request = "POST ";
  request.append(target).append(" HTTP/1.1\r\nHost: x\r\nContent-Length: ");
  request.append(std::to_string(body.size())).append("\r\n\r\n");
  return request += body;
}

inline std::string upgrade(std::string_view target) {
  return get(target,
             "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
             "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
}

inline constexpr std::string_view kHandshake = "/echo/?EIO=4&transport=polling";

/// Workers that echo: Engine.IO on `/echo/`, bare WebSockets on `/ws/`, the target of any other
/// request as its body, `/at-second` by the second worker only. Each listens on a port of its own,
/// so that a client can choose.
class WorkerTest : public ::testing::Test {
 protected:
  void TearDown() override { stop(); }

  void start(std::uint16_t count) {
    for (std::uint16_t index = 0; index < count; ++index) {
      workers_.push_back(std::make_unique<Worker>(
          Worker::Place{.index = index,
                        .count = count,
                        .post = [this](std::uint16_t to,
                                       Worker::Item item) { workers_[to]->post(std::move(item)); }},
          Worker::Surroundings{.settings = settings_,
                               .engineio = engineio_,
                               .log = log_,
                               .proxies = proxies_,
                               .addresses = addresses_},
          mounts(index)));
      ports_.push_back(port_of(workers_.back()->listen(resolve("127.0.0.1", 0).front())));
    }
    for (const auto& worker : workers_) threads_.emplace_back([&worker] { worker->run(); });
  }

  void request_stop() {
    for (const auto& worker : workers_) worker->post(Worker::Stop{});
  }
  /// Returns when all workers have ended.
  void stop() {
    release();
    request_stop();
    threads_.clear();
  }
  /// Returns when the worker handles a request for `/hold`, in which it stays until release().
  void hold(std::uint16_t worker) {
    TestClient(ports_[worker]).send(get("/hold"));
    await_hold();
  }
  void await_hold() { held_.wait(); }
  void release() {
    if (!std::exchange(is_released_, true)) release_.count_down();
  }

  static void open_websocket(TestClient& client) {
    client.send(upgrade("/ws/"));
    client.read_until("\r\n\r\n");
  }
  static std::string open_polling(TestClient& client) {
    client.send(get(kHandshake));
    const std::string body = client.response();
    return body.substr(body.find("sid\":\"") + 6, 28);
  }
  static std::string session(std::string_view sid, std::string_view transport = "polling") {
    return std::string("/echo/?EIO=4&transport=").append(transport).append("&sid=").append(sid);
  }

  Settings settings_;
  Proxies proxies_{settings_};
  AddressTable addresses_{{}};
  engineio::Settings engineio_;
  std::vector<std::uint16_t> ports_;
  std::atomic<int> clients_ = 0;     // of the Engine.IO application
  std::vector<std::string> served_;  // the targets in order; with one worker, after stop()

 private:
  class EchoClient final : public gateway::Client {
   public:
    EchoClient(gateway::Channel& channel, std::atomic<int>& count, gateway::Channel*& paused)
        : channel_(channel), count_(count), paused_(paused) {
      ++count_;
    }
    ~EchoClient() override { --count_; }
    EchoClient(const EchoClient&) = delete;
    EchoClient& operator=(const EchoClient&) = delete;

    void receive(const gateway::Message& message, const base::Now&) override {
      if (message.data == "pause") {
        paused_ = &channel_;
        paused_->pause();
      } else if (message.data == "resume") {
        paused_->resume();
      }
      if (message.data == "close") return channel_.close(gateway::CloseReason::kTooManyConnects);
      if (message.binary) return channel_.send_binary(message.data);
      channel_.send_text(std::array<std::string_view, 1>{message.data});
    }

   private:
    gateway::Channel& channel_;
    std::atomic<int>& count_;
    gateway::Channel*& paused_;
  };

  class EchoApplication final : public gateway::Application {
   public:
    explicit EchoApplication(std::atomic<int>& count) : count_(count) {}
    std::unique_ptr<gateway::Client> open(gateway::Channel& channel, const base::Now&) override {
      channel.admit();
      return std::make_unique<EchoClient>(channel, count_, paused_);
    }

   private:
    std::atomic<int>& count_;
    gateway::Channel* paused_ = nullptr;
  };

  class EchoWebSocket final : public WebSocketHandler {
   public:
    void received(WebSocketProtocol& from, const gateway::Message& message) override {
      from.send(message.binary ? websocket::Opcode::kBinary : websocket::Opcode::kText,
                message.data);
    }
    void lost(WebSocketProtocol&, gateway::CloseReason) override {}
  };

  Mounts mounts(std::uint16_t worker) {
    Mounts mounts;
    mounts.engineio.push_back({"/echo/", std::make_unique<EchoApplication>(clients_)});
    mounts.websocket.push_back({"/ws/", std::make_unique<EchoWebSocket>()});
    mounts.http = [this, worker](const http_api::Request& request) -> http_api::Answer {
      if (request.target == "/at-second" && worker != 1) return http_api::Elsewhere{1};
      if (request.target != "/at-second") served_.emplace_back(request.target);
      if (request.target == "/hold") {
        held_.count_down();
        release_.wait();
      }
      http_api::Response response;
      const bool is_large = request.target.starts_with("/large");
      response.body = http_api::Body(std::string(request.target) +
                                     (is_large ? std::string(300'000, '.') : std::string{}));
      return response;
    };
    return mounts;
  }

  base::Log log_{base::LogLevel::kOff, base::LogFormat::kText};
  std::latch held_{1};
  std::latch release_{1};
  bool is_released_ = false;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::vector<std::jthread> threads_;
};

}  // namespace heliograph::net::testing
