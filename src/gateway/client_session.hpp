#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "gateway/allowance.hpp"
#include "gateway/application.hpp"
#include "gateway/apps.hpp"
#include "gateway/client_output.hpp"
#include "gateway/client_sign_in.hpp"
#include "gateway/far_session.hpp"
#include "gateway/recovery.hpp"
#include "gateway/unfinished_event.hpp"
#include "signaling/command.hpp"
#include "signaling/error.hpp"
#include "signaling/event.hpp"
#include "signaling/peer_id.hpp"
#include "socketio/decoder.hpp"

namespace heliograph::gateway {

struct SharedByClients;

/// One client, from its Engine.IO session's opening on. Its peer lives from the CONNECT to the
/// namespace `/` until it disconnects. If the CONNECT asked for recovery and the connection breaks,
/// the Hub may keep both for a while, without a channel, and a later session takes the peer over.
class ClientSession final : public Client {
 public:
  ClientSession(SharedByClients& shared, Channel& channel, const base::Now& now);
  ~ClientSession() override;
  ClientSession(const ClientSession&) = delete;
  ClientSession& operator=(const ClientSession&) = delete;

  void on_message(const Message& message, const base::Now& now) override;
  /// A message of a guest, which its front has judged: see mail::FromClient.
  void on_carried(const Message& message, std::optional<std::chrono::milliseconds> refused,
                  const base::Now& now);
  base::TimePoint deadline() const override { return std::min(deadline_, session_end()); }
  CloseReason overdue() const override;
  void pinged(const base::Now& now) override;
  void ping_sent() override { output_.ping_sent(); }
  void ping_answered() override { output_.ping_answered(); }
  std::string name_for_log() const override { return output_.name_for_log(); }
  std::optional<signaling::PeerId> on_closed(CloseReason reason) override;

  /// Sends the client its output.
  ClientOutput& output() { return output_; }
  const ClientOutput& output() const { return output_; }

  /// The peer that this client was before has left a room, or was in none.
  void note_replaced(const signaling::Replaced& answer) { sign_in_.note_replaced(output_, answer); }
  /// Answers the auth-requests that wait, if their time is over.
  void elapse_sign_ins(base::TimePoint now) { sign_in_.elapse(output_, now); }

  const std::optional<signaling::PeerId>& peer() const { return output_.peer(); }
  /// Whether its session token from before that many returns is no longer valid.
  bool has_replaced(std::uint32_t returns, std::int64_t now) const {
    return sign_in_.has_replaced(returns, now);
  }
  /// Whether the app token that came last has expired.
  bool is_over(std::int64_t now) const { return sign_in_.app_expires_at() <= now; }
  /// Goes on without a connection, for as long as all that is sent can be kept.
  void detach();
  bool is_detached() const { return output_.channel() == nullptr; }
  /// Makes this the session of a peer that lives here. False, and the peer is gone, if what it has
  /// missed is not there.
  bool resume(const ReturnRequest& request);
  /// Bytes held of incomplete events and waiting messages.
  std::size_t unfinished_bytes() const;
  Apps::Number app() const { return app_; }
  bool is_closing() const { return output_.is_closing(); }
  /// Ends the session and, if it still has one, its peer.
  void close(CloseReason reason);
  /// Ends without taking its peer out.
  void forget_peer() { output_.forget_peer(); }

 private:
  void on_packet(const socketio::Connect& connect);
  void on_packet(const socketio::Disconnect& disconnect);
  void on_packet(const socketio::Event& event);
  void on_packet(const socketio::Ack&) {}  // the server asks for none
  void on_packet(const socketio::TooDeep& event);
  void on_packet(const socketio::TooLarge& event);
  void on_packet(const socketio::Skipped&) {}  // refused before
  void on_packet(const socketio::Partial&) {}
  void on_packet(const socketio::Malformed&) {}  // closed before
  void close_malformed(const Message& message);

  SharedByClients& shared() const { return output_.shared(); }
  // Of a session that has a connection.
  Channel& channel() const { return *output_.channel(); }
  void send_text(std::string_view packet);
  bool asks_to_return(std::string_view app);
  // The peer of `other`, whose client is this one's: a new session token and what it has missed
  // follow the answer to its CONNECT. False, and nothing has happened, if not all of that is there.
  bool take_over(ClientSession& other, const ReturnRequest& request);
  void begin_peer(std::string_view app);
  void end_peer();
  void refuse_namespace(std::string_view nsp);
  void begin_refused(std::string_view app, std::span<const HeldMessage> messages);
  bool may_return_after(CloseReason reason) const;
  // How long the client has to wait, if it sends too much.
  using Wait = std::optional<std::chrono::milliseconds>;
  Wait judge(const Message& message);
  void on_message_here(const Message& message, Wait wait);
  socketio::Received decode(socketio::Decoder& decoder, const Message& message, Wait wait);
  void refuse_skipped(const socketio::Skipped& event, Wait wait);
  void watch_attachments(socketio::Decoder& decoder);
  base::TimePoint session_end() const;
  void execute(const signaling::Request& request, const socketio::Event& event);
  void refuse(const socketio::Event& event, const signaling::Refusal& refusal);
  void refuse_unread(std::string_view event, signaling::Error error,
                     std::optional<std::uint64_t> acknowledgement);
  bool is_open(std::string_view nsp);
  Wait take_event();
  void refuse_connect(Wait wait);

  ClientOutput output_;
  ClientSignIn sign_in_;
  base::TimePoint deadline_;  // of the CONNECT, or of attachments that are to come
  // Most sessions are idle, so each byte counts: small members take the place that this leaves.
  [[no_unique_address]] Allowance allowance_;
  Apps::Number app_ = 0;                 // of its CONNECT
  std::uint8_t unknown_namespaces_ = 0;  // that it wanted to connect to
  std::unique_ptr<UnfinishedEvent> unfinished_;
};

}  // namespace heliograph::gateway
