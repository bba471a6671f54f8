#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/ip_address.hpp"
#include "gateway/application.hpp"
#include "gateway/knocks.hpp"
#include "gateway/replay.hpp"
#include "gateway/request_errors.hpp"
#include "signaling/error.hpp"
#include "signaling/event.hpp"
#include "signaling/peer_id.hpp"
#include "signaling/refusal.hpp"

namespace heliograph::gateway {

struct SharedByClients;

/// Sends one client all its output, as its peer and over its channel. If the client asked for
/// recovery, events are kept until it confirms them, even while it has no connection.
class ClientOutput {
 public:
  ClientOutput(SharedByClients& shared, Channel& channel) : shared_(shared), channel_(&channel) {}

  SharedByClients& shared() const { return shared_; }
  /// Null while there is no connection.
  Channel* channel() const { return channel_; }
  bool is_closing() const { return channel_ && channel_->is_closing(); }
  base::IpAddress limited_address() const;
  /// The connection has ended.
  void detach() { channel_ = nullptr; }

  const std::optional<signaling::PeerId>& peer() const { return peer_; }
  /// Keeps events from now on, because the CONNECT has asked for recovery.
  void begin_recovery() { replay_.begin(); }
  bool recovers() const { return replay_.is_on(); }
  /// From now on the client is this peer, of this app: the answer to its CONNECT.
  void begin(const signaling::PeerId& peer, std::string_view app);
  /// The client is no peer from now on. Nothing that was for its peer is left.
  std::optional<signaling::PeerId> end();
  /// The peer, or the last one, as text; empty if there was none.
  std::string name_for_log() const;
  /// Leaves the peer as it is, which goes with the server.
  void forget_peer() { peer_.reset(); }

  /// Whether a client that has got the events up to `number` can be sent all that it missed.
  bool can_resume_after(std::uint64_t number) const { return replay_.can_resume_after(number); }
  /// Takes the peer over from the client's earlier connection, with what is kept for it.
  void take_over(ClientOutput& other, std::string_view app);
  /// Sends what the client missed after the event of that number, behind a new auth-accept, which
  /// may be empty.
  void resume_after(std::uint64_t number, std::string_view sign_in);

  void send_event(const signaling::EventText& event,
                  const signaling::SharedAttachments& attachments);
  /// The same for an event that can be made again at any time, and need not be kept.
  void send_renewable_event(const signaling::EventText& event);
  /// `[…]`
  void send_acknowledgement(std::uint64_t id, std::string_view arguments);

  /// Of a stranger at the door. It is held back while the client reads slowly or is away: a
  /// stranger cannot have it disconnected.
  void send_knock(const signaling::Knock& knock, const signaling::SharedAttachments& attachments);
  /// Sends what was held back, as far as the client reads it now.
  void show_knocks();
  void drop_knocks();
  bool has_knocks() const { return extra_ && !extra_->knocks.is_empty(); }
  /// Those that the client's earlier connection did not show.
  void take_knocks_of(ClientOutput& other);

  /// An event of the client is refused: it is told by an acknowledgement if it asked for one, else
  /// by a request-error.
  void refuse(const signaling::Refusal& refusal, const signaling::RefusedEvent& refused,
              std::optional<std::uint64_t> acknowledgement);
  /// The same for an event that is not carried out and has a reject event of its own.
  void reject(std::string_view event, signaling::Error error,
              std::optional<std::uint64_t> acknowledgement);
  /// Tells it by a request-error.
  void report(const signaling::Refusal& refusal, const signaling::RefusedEvent& refused);
  void send_request_error(std::string_view event);

  /// See Client.
  void ping_sent();
  void ping_answered();

  /// Bytes kept for its return.
  std::size_t kept_bytes() const { return replay_.bytes(); }
  /// It cannot be recovered any more.
  void drop_what_is_kept() { replay_.drop(); }

 private:
  // State that most clients never need.
  struct Extra {
    explicit Extra(SharedByClients& shared);
    Knocks knocks;
    RequestErrors request_errors;
    std::optional<signaling::PeerId> past_peer;  // for the log, once there is no peer any more
    std::uint32_t rate_limited = 0;              // events refused since then
    base::TimePoint rate_limited_since{};
  };
  enum class Keep : bool { kNo, kYes };

  Extra& extra();
  void answer_connect(std::string_view app);
  void write_event(signaling::EventText event, const signaling::SharedAttachments& attachments,
                   std::uint64_t number, Keep keep);
  void send_attachments(const signaling::SharedAttachments& attachments);
  void limit_what_is_kept();
  bool is_behind() const;
  void send_shown(std::string_view event, const signaling::SharedAttachments& attachments);
  void ping_now();
  void note_ping();
  void count_rate_limited();

  SharedByClients& shared_;
  Channel* channel_;
  std::unique_ptr<Extra> extra_;  // null until it is needed
  Replay replay_;
  std::optional<signaling::PeerId> peer_;
};

}  // namespace heliograph::gateway
