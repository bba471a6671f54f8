#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/application.hpp"
#include "gateway/rate_limit.hpp"
#include "signaling/command.hpp"
#include "signaling/event.hpp"
#include "signaling/peer_id.hpp"
#include "socketio/decoder.hpp"

namespace heliograph::gateway {

class Hub;

/// One connected client, from its Engine.IO session's opening to its end. Its peer lives from the
/// CONNECT to the namespace `/` until it disconnects.
class ClientSession final : public Client {
 public:
  ClientSession(Hub& hub, Channel& channel, const Now& now);
  ~ClientSession() override;
  ClientSession(const ClientSession&) = delete;
  ClientSession& operator=(const ClientSession&) = delete;

  void receive(const Message& message, const Now& now) override;
  base::TimePoint deadline() const override { return connect_deadline_; }

  /// `["name",{…}]`
  void send_event(std::string_view event, const signaling::SharedAttachments& attachments);
  /// `[…]`
  void send_acknowledgement(std::uint64_t id, std::string_view arguments);

 private:
  void handle(const socketio::Connect& connect);
  void handle(const socketio::Disconnect& disconnect);
  void handle(const socketio::Event& event);
  void handle(const socketio::Ack&) {}  // the server asks for none
  void handle(const socketio::TooDeep& event);
  void handle(const socketio::TooLarge& event);
  void handle(const socketio::Partial&) {}
  void handle(const socketio::Malformed& malformed);

  void authenticate(const signaling::AuthRequest& request, signaling::Raw payload,
                    const socketio::Event& event);
  std::optional<signaling::Error> check(const signaling::AuthRequest& request,
                                        const socketio::Event& event, std::string& app) const;
  bool is_authorised(const std::optional<signaling::Text>& token) const;
  void refuse(signaling::Error error, std::optional<std::uint64_t> acknowledgement);
  void refuse_unread(std::string_view event, signaling::Error error,
                     std::optional<std::uint64_t> acknowledgement);
  void send_connect_error(std::string_view nsp, std::string_view message);
  bool is_open(std::string_view nsp);
  bool may_send_event();
  void end_peer();

  Hub& hub_;
  Channel& channel_;
  socketio::Decoder decoder_;
  std::optional<signaling::PeerId> peer_;
  std::string session_token_;  // the one last issued
  std::int64_t session_expires_at_ = 0;
  base::TimePoint connect_deadline_;
  RateLimit rate_;
};

}  // namespace heliograph::gateway
