#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/testing/test_client.hpp"

namespace heliograph::gateway::testing {

inline constexpr std::string_view kUnauthorized =
    R"(2["unauthorized",{"message":"Token is not valid"}])";

inline std::string error_ack(std::string_view id, std::string_view code, std::string_view message) {
  std::string packet = "3";
  packet.append(id).append(R"([{"ok":false,"error":{"code":")").append(code);
  return packet.append(R"(","message":")").append(message).append("\"}}]");
}

/// Up to the reason.
inline std::string refused_as_unauthorised(std::string_view id) {
  return "3" + std::string(id) +
         R"([{"ok":false,"error":{"code":"unauthorized","message":"Token is not valid",)"
         R"("reason":"token-)";
}

/// A hub on a worker of its own, time that the test owns, and clients to talk to it.
class ClientSessionTest : public ::testing::Test {
 protected:
  ClientSessionTest() {
    settings_.app_secret = kSecret;
    settings_.recovery.window = {};
    settings_.sends_request_errors = false;  // see request_errors_test.cpp
  }

  Hub& hub() {
    if (!hub_) hub_ = std::make_unique<Hub>(settings_, WorkerLink{});
    return *hub_;
  }
  TestClient open() { return {hub(), now_}; }
  TestClient signed_in(std::string_view peerinfo = {}) {
    return {hub(), now_, TestClient::SignedIn{peerinfo}};
  }
  void pass(std::chrono::seconds time) {
    now_.steady += time;
    now_.real += time;
    now_.unix_seconds += time.count();
  }
  std::string app_token() const { return tokens_.issue_app("test"); }
  static std::string connect(std::string_view token) {
    return std::string(R"(0{"token":")").append(token).append("\"}");
  }

  // Lets the second client into a room of the first.
  static void meet(TestClient& owner, TestClient& guest) {
    owner.emit("room-create-request", R"(,"room":"r")");
    guest.emit("room-join-request", R"(,"room":"r")");
    owner.emit("room-join-accept", R"(,"room":"r","to":")" + guest.id() + "\"");
    EXPECT_THAT(guest.heard().back(), ::testing::StartsWith(R"(2["room-join-accept")"));
    owner.heard();
  }

  base::Now now_{base::TimePoint(std::chrono::hours(1000)), 1'700'000'000};
  HubSettings settings_;
  auth::Tokens tokens_{kSecret};

 private:
  std::unique_ptr<Hub> hub_;
};

}  // namespace heliograph::gateway::testing
