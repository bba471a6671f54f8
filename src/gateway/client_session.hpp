#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "gateway/application.hpp"
#include "gateway/rate_limit.hpp"
#include "gateway/replay.hpp"
#include "signaling/command.hpp"
#include "signaling/error.hpp"
#include "signaling/event.hpp"
#include "signaling/peer_id.hpp"
#include "socketio/decoder.hpp"

namespace heliograph::gateway {

class Hub;

/// One client, from its Engine.IO session's opening on. Its peer lives from the CONNECT to the
/// namespace `/` until it disconnects; where the connection breaks, the Hub may keep both for a
/// while, without a channel, and a later session takes the peer over.
class ClientSession final : public Client {
 public:
  ClientSession(Hub& hub, Channel& channel, const Now& now);
  ~ClientSession() override;
  ClientSession(const ClientSession&) = delete;
  ClientSession& operator=(const ClientSession&) = delete;

  void receive(const Message& message, const Now& now) override;
  base::TimePoint deadline() const override { return connect_deadline_; }
  void ping_sent() override;
  void ping_answered() override;
  std::string name_for_log() const override;

  void send_event(const signaling::EventText& event,
                  const signaling::SharedAttachments& attachments);
  /// `[…]`
  void send_acknowledgement(std::uint64_t id, std::string_view arguments);

  const std::optional<signaling::PeerId>& peer() const { return peer_; }
  /// Whether there is a peer to come back as after a session that ended for this reason.
  bool may_return_after(CloseReason reason) const;
  /// Goes on without a connection, for as long as all that is sent can be kept.
  void detach();
  bool is_detached() const { return channel_ == nullptr; }
  /// The peer of `other`, whose client is this one's: what it has missed after `number` follows the
  /// answer to its CONNECT. False, and nothing has happened, where not all of that is there.
  bool take_over(ClientSession& other, std::uint64_t number);
  /// Ends the session and, if it still has one, its peer.
  void close(CloseReason reason);
  void end_peer();
  /// Ends without taking its peer out.
  void forget_peer() { peer_.reset(); }

  /// The number of the link by which this session is served on another worker; 0 for none.
  std::uint32_t link() const { return link_; }

 private:
  void handle(const socketio::Connect& connect);
  void handle(const socketio::Disconnect& disconnect);
  void handle(const socketio::Event& event);
  void handle(const socketio::Ack&) {}  // the server asks for none
  void handle(const socketio::TooDeep& event);
  void handle(const socketio::TooLarge& event);
  void handle(const socketio::Partial&) {}
  void handle(const socketio::Malformed&) {}  // closed before
  void close_malformed(const Message& message);

  bool resume(const socketio::Connect& connect);
  void accept();
  void authenticate(const signaling::AuthRequest& request, signaling::Raw payload,
                    const socketio::Event& event);
  std::optional<signaling::Error> check(const signaling::AuthRequest& request,
                                        const socketio::Event& event, std::string& app) const;
  bool is_authorised(const std::optional<signaling::Text>& token) const;
  struct RefusedEvent {
    std::string_view name;
    std::string_view room = {};
  };
  static RefusedEvent refused_event(const json::Outline& arguments);
  void refuse(signaling::Error error, std::optional<std::uint64_t> acknowledgement,
              const RefusedEvent& event);
  void reject(std::string_view event, signaling::Error error,
              std::optional<std::uint64_t> acknowledgement);
  void refuse_unread(std::string_view event, signaling::Error error,
                     std::optional<std::uint64_t> acknowledgement);
  void send_connect_error(std::string_view nsp, const signaling::ErrorText& error);
  bool is_open(std::string_view nsp);
  bool may_send_event();
  KeptMessage keep_message(std::span<const std::string_view> message,
                           const signaling::SharedAttachments& attachments);
  void limit_what_is_kept();
  void write_sign_in(std::string& event, signaling::Raw payload) const;
  std::string ice_servers() const;
  enum class Keep : bool { kNo, kYes };
  void write_event(signaling::EventText event, const signaling::SharedAttachments& attachments,
                   std::uint64_t number, Keep keep);
  void send_attachments(const signaling::SharedAttachments& attachments);

  Hub& hub_;
  Channel* channel_;  // null while there is no connection
  socketio::Decoder decoder_;
  std::optional<signaling::PeerId> peer_;
  std::unique_ptr<const signaling::PeerId> past_peer_;  // for the log, once peer_ is empty again
  std::string session_token_;                           // the one last issued
  std::int64_t session_expires_at_ = 0;
  base::TimePoint connect_deadline_;
  RateLimit rate_;
  std::uint32_t link_ = 0;
  Replay replay_;
};

}  // namespace heliograph::gateway
