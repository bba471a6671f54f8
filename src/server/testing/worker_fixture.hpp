#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <latch>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "http/testing/requests.hpp"
#include "reactor/testing/test_client.hpp"
#include "server/worker.hpp"
#include "websocket/frame.hpp"
#include "websocket/mask.hpp"

// Workers on loopback, for tests only.
namespace heliograph::server::testing {

using http::testing::get;
using http::testing::post;
using reactor::testing::TestClient;

inline std::string client_frame(std::string_view payload,
                                websocket::Opcode opcode = websocket::Opcode::kText) {
  std::array<char, websocket::kMaxHeaderBytes> header;
  std::string frame(header.data(), websocket::write_header(header.data(), opcode, payload.size()));
  frame[1] = static_cast<char>(frame[1] | '\x80');
  frame += std::string(4, '\0');  // a mask that changes nothing
  return frame += payload;
}

inline std::string upgrade(std::string_view target) {
  return get(target,
             "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
             "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
}

inline constexpr std::string_view kHandshake = "/echo/?EIO=4&transport=polling";
inline constexpr std::string_view kWebSocketHandshake = "/echo/?EIO=4&transport=websocket";

/// Workers that echo: Engine.IO messages on `/echo/`, the target of any other request as its body,
/// `/at-second` by the second worker only. Each listens on a port of its own, so that a client can
/// choose.
class WorkerTest : public ::testing::Test {
 protected:
  void TearDown() override { stop(); }

  void start(std::uint16_t count) {
    const SharedByWorkers shared{.settings = settings_,
                                 .log = log_,
                                 .proxies = proxies_,
                                 .addresses = addresses_,
                                 .worker_count = count};
    const auto post = [this](std::uint16_t to, Worker::Item item) {
      workers_[to]->post(std::move(item));
    };
    for (std::uint16_t index = 0; index < count; ++index) {
      workers_.push_back(std::make_unique<Worker>(index, shared, post, mounts(index)));
      ports_.push_back(
          reactor::port_of(workers_.back()->listen(reactor::resolve("127.0.0.1", 0).front())));
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
    client.send(upgrade(kWebSocketHandshake));
    expect_open(client);
  }
  /// The answer to the handshake, and the first packet behind it.
  static void expect_open(TestClient& client) {
    EXPECT_EQ(client.read_until("\r\n\r\n").substr(0, 12), "HTTP/1.1 101");
    EXPECT_EQ(client.frame().substr(0, 2), "0{");
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
  http::Proxies proxies_{settings_.http};
  transport::AddressTable addresses_{settings_.transport.addresses};
  std::vector<std::uint16_t> ports_;
  std::atomic<int> clients_ = 0;          // of the Engine.IO application
  std::atomic<int> clients_at_stop_ = 0;  // the same when it was told of the stop
  std::vector<std::string> served_;       // the targets in order; with one worker, after stop()

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

    void on_message(const gateway::Message& message, const base::Now&) override {
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
    EchoApplication(std::atomic<int>& count, std::atomic<int>& count_at_stop)
        : count_(count), count_at_stop_(count_at_stop) {}
    std::unique_ptr<gateway::Client> open(gateway::Channel& channel, const base::Now&) override {
      channel.admit();
      return std::make_unique<EchoClient>(channel, count_, paused_);
    }
    void stopping() override { count_at_stop_ = count_.load(); }

   private:
    std::atomic<int>& count_;
    std::atomic<int>& count_at_stop_;
    gateway::Channel* paused_ = nullptr;
  };

  Mounts mounts(std::uint16_t worker) {
    Mounts mounts;
    mounts.engineio_path = "/echo/";
    mounts.application = std::make_unique<EchoApplication>(clients_, clients_at_stop_);
    mounts.http = [this, worker](const http_api::Request& request) -> http_api::Answer {
      if (request.target == "/at-second" && worker != 1) return http_api::Elsewhere{1};
      if (request.target != "/at-second") served_.emplace_back(request.target);
      if (request.target == "/hold") {
        held_.count_down();
        release_.wait();
      }
      http::Response response;
      const bool is_large = request.target.starts_with("/large");
      response.body = http::Body(std::string(request.target) +
                                 (is_large ? std::string(300'000, '.') : std::string{}));
      return response;
    };
    mounts.refuse_early = [](const http_api::Request&) { return std::nullopt; };
    return mounts;
  }

  base::Log log_{base::LogLevel::kOff, base::LogFormat::kText};
  std::latch held_{1};
  std::latch release_{1};
  bool is_released_ = false;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::vector<std::jthread> threads_;
};

}  // namespace heliograph::server::testing
