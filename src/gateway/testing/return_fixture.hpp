#pragma once

#include <chrono>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/testing/test_client.hpp"

namespace heliograph::gateway::testing {

/// Each test runs twice: clients come back to their own worker, and to another one.
class ReturnTest : public ::testing::TestWithParam<std::size_t> {
 protected:
  void start() {
    settings_.app_secret = kSecret;
    settings_.recovery.max_peer_bytes = 262'144;
    for (std::uint16_t index = 0; index < 2; ++index) {
      hubs_.push_back(std::make_unique<Hub>(
          settings_, WorkerLink{.index = index, .count = 2, .post = [this](auto to, Mail mail) {
                                  mail_.emplace_back(to, std::move(mail));
                                }}));
    }
  }

  void SetUp() override {
    start();
    ada_ = std::make_unique<TestClient>(*hubs_[0], now_, TestClient::SignedIn{});
    ben_ = std::make_unique<TestClient>(*hubs_[1], now_, TestClient::SignedIn{R"("Ben")"});
    emit(*ada_, "room-create-request", R"(,"room":"r")");
    emit(*ben_, "room-join-request", R"(,"room":"r")");
    emit(*ada_, "room-join-accept", R"(,"room":"r","to":")" + ben_->id() + "\"");
    ada_->heard();
    offset_ = offset_of(ben_->heard().back());
  }

  void settle() {
    for (; !mail_.empty(); mail_.pop_front()) {
      hubs_[mail_.front().first]->on_mail(std::move(mail_.front().second), now_);
    }
  }
  void emit(TestClient& client, std::string_view name, std::string_view fields) {
    client.emit(name, fields);
    settle();
  }
  void send_to_ben(int number) {
    emit(*ada_, "relay-ice-candidate",
         R"(,"room":"r","to":")" + ben_->id() + R"(","ice_candidate":)" + std::to_string(number));
  }
  void lose(TestClient& client, CloseReason reason = CloseReason::kTransportLost) {
    client.leave(reason);
    settle();
  }
  void pass(std::chrono::seconds time) {
    now_.steady += time;
    now_.unix_seconds += time.count();
    for (const auto& hub : hubs_) hub->elapse(now_);
    settle();
  }

  /// Ben's next connection, and what it hears.
  std::unique_ptr<TestClient> come_back(std::size_t worker, std::string_view pid,
                                        std::string_view offset) {
    auto client = std::make_unique<TestClient>(*hubs_[worker], now_);
    client->connect(returning(pid, offset, R"("recovery":true)"));
    settle();
    return client;
  }
  /// As the peer that it was; what it hears is the answer to its CONNECT, its new session token,
  /// and what it has missed.
  std::unique_ptr<TestClient> come_back() { return come_back(GetParam(), ben_->pid(), offset_); }

  static std::string returning(std::string_view pid, std::string_view offset,
                               std::string_view recovery) {
    return fmt::format(R"(,"pid":"{}","offset":"{}",{})", pid, offset, recovery);
  }

  static std::string offset_of(const std::string& packet) {
    const std::size_t end = packet.rfind("\"]");
    const std::size_t begin = packet.rfind('"', end - 1) + 1;
    return packet.substr(begin, end - begin);
  }

  base::Now now_{base::TimePoint(std::chrono::hours(1000)), 1'700'000'000};
  HubSettings settings_;
  std::deque<std::pair<std::uint16_t, Mail>> mail_;
  std::vector<std::unique_ptr<Hub>> hubs_;
  std::unique_ptr<TestClient> ada_;
  std::unique_ptr<TestClient> ben_;
  std::string offset_;  // of the last event that Ben got
};

/// A session token that follows the answer to a CONNECT.
inline auto is_sign_in() { return ::testing::StartsWith(R"(2["auth-accept",{"token":")"); }

}  // namespace heliograph::gateway::testing
