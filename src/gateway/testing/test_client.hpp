#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/hub.hpp"

// A client without a network, for tests only.
namespace heliograph::gateway::testing {

inline constexpr std::string_view kSecret = "a secret of at least thirty-two bytes";

/// The text between `before` and the next quote; empty if `before` does not occur.
inline std::string quoted_after(std::string_view text, std::string_view before) {
  const std::size_t found = text.find(before);
  if (found == std::string_view::npos) return {};
  const std::string_view rest = text.substr(found + before.size());
  return std::string(rest.substr(0, rest.find('"')));
}

/// An Engine.IO session with a ClientSession on top; what it is sent can be taken with heard().
class TestClient final : public Channel {
 public:
  TestClient(Hub& hub, const base::Now& now)
      : hub_(hub), now_(now), client_(hub.open(*this, now)) {}
  enum class Recovery : bool { kNotAsked, kAsked };
  struct SignedIn {
    std::string_view peerinfo = {};
    Recovery recovery = Recovery::kAsked;
  };
  TestClient(Hub& hub, const base::Now& now, SignedIn with) : TestClient(hub, now) {
    sign_in(with.peerinfo, with.recovery);
  }
  TestClient(const TestClient&) = delete;
  TestClient& operator=(const TestClient&) = delete;
  ~TestClient() override = default;

  void send_text(std::span<const std::string_view> parts) override {
    std::string text;
    for (const std::string_view part : parts) text += part;
    heard_.push_back(std::move(text));
  }
  void send_binary(std::string_view bytes) override {
    heard_.push_back("binary " + std::string(bytes));
  }
  void pause() override { is_paused_ = true; }
  void resume() override { is_paused_ = false; }
  bool is_paused() const { return is_paused_; }
  std::size_t unsent() const override { return unsent_; }
  base::IpAddress limited_address() const override { return limited_address_; }
  void set_limited_address(const base::IpAddress& address) { limited_address_ = address; }
  /// It has yet to read so many bytes.
  void set_unsent(std::size_t bytes) { unsent_ = bytes; }
  void close(CloseReason reason) override {
    if (!closed_) closed_ = reason;
  }
  bool is_closing() const override { return closed_.has_value(); }
  std::unique_ptr<Client> replace_client(std::unique_ptr<Client> next) override {
    return std::exchange(client_, std::move(next));
  }

  void say(std::string_view packet) {
    client_->on_message({.binary = false, .data = packet}, now_);
  }
  void say_binary(std::string_view bytes) {
    client_->on_message({.binary = true, .data = bytes}, now_);
  }
  /// All that it has been sent since the last time: packets as text, attachments as "binary …".
  std::vector<std::string> heard() { return std::exchange(heard_, {}); }
  std::optional<CloseReason> closed() const { return closed_; }
  base::TimePoint deadline() const { return client_->deadline(); }
  CloseReason overdue() const { return client_->overdue(); }
  /// Its session ends.
  void leave(CloseReason reason = CloseReason::kPageLeft) {
    hub_.closed(std::move(client_), reason, now_);
  }
  bool ping() override {
    if (std::exchange(awaits_pong_, true)) return false;
    heard_before_ping_ = heard_.size();
    return true;
  }
  void answer_ping() {
    awaits_pong_ = false;
    client_->ping_answered();
  }
  bool awaits_pong() const { return awaits_pong_; }
  /// How much of what heard() gives had come before the last ping did.
  std::size_t heard_before_ping() const { return heard_before_ping_; }

  /// Connects to `/`; `more` are other members of the CONNECT, each with a comma in front.
  void connect(std::string_view more = {}) {
    std::string packet = R"(0{"token":")" + auth::Tokens(kSecret).issue_app("test") + '"';
    say(packet.append(more).append("}"));
  }
  /// Connects to `/` and signs in; what it hears of that is taken.
  void sign_in(std::string_view peerinfo = {}, Recovery recovery = Recovery::kAsked) {
    const std::string app_token = auth::Tokens(kSecret).issue_app("test");
    connect(recovery == Recovery::kAsked ? R"(,"recovery":true)" : "");
    std::string request = R"(2["auth-request",{"token":")" + app_token + '"';
    if (!peerinfo.empty()) request.append(R"(,"peerinfo":)").append(peerinfo);
    say(request += "}]");
    for (const std::string& packet : heard()) {
      if (packet.starts_with("0")) {
        id_ = quoted_after(packet, "\"sid\":\"");
        pid_ = quoted_after(packet, "\"pid\":\"");
      }
      if (packet.starts_with("2[\"auth-accept\"")) token_ = quoted_after(packet, "\"token\":\"");
    }
  }
  const std::string& id() const { return id_; }
  const std::string& token() const { return token_; }
  const std::string& pid() const { return pid_; }
  void use_token(const std::string& token) { token_ = token; }
  /// Signs with what the other got; for a client that came back as the same peer.
  void become(const TestClient& other) {
    id_ = other.id_;
    pid_ = other.pid_;
    token_ = other.token_;
  }

  /// An event with its session token; `fields` are the other ones, beginning with a comma.
  void emit(std::string_view name, std::string_view fields = {}, std::string_view ack = {}) {
    std::string packet = "2";
    packet.append(ack).append("[\"").append(name).append(R"(",{"auth":")").append(token_);
    say(packet.append("\"").append(fields).append("}]"));
  }

 private:
  Hub& hub_;
  const base::Now& now_;
  std::vector<std::string> heard_;
  std::optional<CloseReason> closed_;
  bool awaits_pong_ = false;
  bool is_paused_ = false;
  std::size_t unsent_ = 0;
  base::IpAddress limited_address_{};
  std::size_t heard_before_ping_ = 0;
  std::string id_;
  std::string token_;
  std::string pid_;
  std::unique_ptr<Client> client_;
};

}  // namespace heliograph::gateway::testing
