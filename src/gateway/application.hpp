#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/block_pool.hpp"
#include "base/clock.hpp"
#include "base/ip_address.hpp"
#include "base/now.hpp"
#include "gateway/close_reason.hpp"
#include "gateway/mail.hpp"
#include "signaling/peer_id.hpp"

namespace heliograph::gateway {

/// One Engine.IO message.
struct Message {
  bool binary = false;
  std::string_view data;
};

/// A text message in memory that stays as it is while somebody holds it. `memory` stands until the
/// next one is kept.
struct KeptMessage {
  const base::BlockRef& memory;
  std::string_view message;
  std::string_view frame;  // the WebSocket frame of the Engine.IO packet that the message is in
};

/// The application's side of one session.
class Client {
 public:
  virtual ~Client() = default;
  virtual void on_message(const Message& message, const base::Now& now) = 0;
  /// The session is closed at this time, for this reason, unless the deadline has moved by then.
  virtual base::TimePoint deadline() const { return base::TimePoint::max(); }
  virtual CloseReason overdue() const { return CloseReason::kConnectTimeout; }
  /// The client has sent a packet or a frame that asks for nothing: a ping, a pong, a noop.
  virtual void pinged(const base::Now& /*now*/) {}
  /// A ping in its turn goes out, behind all that was sent so far.
  virtual void ping_sent() {}
  /// The last ping was answered: the client has got all that was sent before it.
  virtual void ping_answered() {}
  /// The peer for the log to name when the session ends; empty if there was none.
  virtual std::string name_for_log() const { return {}; }
  /// For the Application: the session has ended, and its channel is gone. If the client may come
  /// back to this Client, as its peer, the peer; the Application then keeps the Client.
  virtual std::optional<signaling::PeerId> on_closed(CloseReason /*reason*/) {
    return std::nullopt;
  }
};

/// An open Engine.IO session, as its Client sees it. No call here calls the Client back.
class Channel {
 public:
  virtual ~Channel() = default;
  /// Sends a text message: the parts put together, which are copied before the call returns.
  virtual void send_text(std::span<const std::string_view> parts) = 0;
  /// Sends a message that is kept. A long one goes out over a WebSocket from the memory that keeps
  /// it.
  virtual void send_kept(const KeptMessage& kept) { send_text({&kept.message, 1}); }
  virtual void send_binary(std::string_view bytes) = 0;
  /// Sends a ping out of turn, behind all that was sent so far; Client::ping_answered tells of its
  /// answer. False if the answer to an earlier one is still to come.
  virtual bool ping() { return false; }
  /// Bytes that wait to be sent because the client has not read what went before.
  virtual std::size_t unsent() const { return 0; }
  /// Bytes held for the client: unsent output and incomplete messages.
  virtual std::size_t held_bytes() const { return 0; }
  /// The client has shown that it may be here: it may send messages of any size from now on, and
  /// is not among those that are ended first when the server is short of something.
  virtual void admit() {}
  /// Reads nothing more from the client, and measures no time of it, until resume(). Bytes that
  /// have been read already are still received.
  virtual void pause() {}
  virtual void resume() {}
  /// Ends the session when the current loop turn does; what was sent before still goes out.
  virtual void close(CloseReason reason) = 0;
  /// Whether the session is about to end; nothing more is received then.
  virtual bool is_closing() const = 0;
  /// Puts `next` in the place of the Client, which it gives back. Null if the channel cannot have
  /// another Client.
  virtual std::unique_ptr<Client> replace_client(std::unique_ptr<Client> /*next*/) {
    return nullptr;
  }
  /// The client's IP address as text, for the log; empty if it is not known.
  virtual std::string address() const { return {}; }
  /// The address by which limits count; `::` if there are none for this client.
  virtual base::IpAddress limited_address() const { return {}; }
};

/// The application that a worker runs on top of Engine.IO. All calls come from the worker's thread.
class Application {
 public:
  virtual ~Application() = default;
  virtual std::unique_ptr<Client> open(Channel& channel, const base::Now& now) = 0;
  /// The session of `client` has ended; its channel is gone.
  virtual void closed(std::unique_ptr<Client> /*client*/, CloseReason /*reason*/,
                      const base::Now& /*now*/) {}
  /// A client whose session was lost says goodbye all the same; `name`: Client::name_for_log().
  virtual void goodbye(std::string_view /*name*/, const base::Now& /*now*/) {}
  /// The worker begins to stop: it will close all of its clients.
  virtual void stopping() {}
  /// Mail from the same application on another worker.
  virtual void on_mail(Mail&& /*mail*/, const base::Now& /*now*/) {}
  /// Call it at deadline().
  virtual void elapse(const base::Now& /*now*/) {}
  virtual base::TimePoint deadline() const { return base::TimePoint::max(); }
  /// Bytes that the application itself holds for clients. Channel::held_bytes() is not included.
  virtual std::size_t held_bytes() const { return 0; }
  /// Returns memory that is kept for later use to the heap: the process is idle.
  virtual void drop_spare() {}
  /// Frees about this many bytes by ending clients, first those for which most is held.
  virtual void free_memory(std::size_t /*bytes*/, const base::Now& /*now*/) {}
};

/// How an Application reaches the other workers of its node, and other nodes; see
/// worker_message.hpp for the order.
struct WorkerLink {
  /// Of the worker itself.
  signaling::Address address() const { return {.node = node, .worker = index}; }

  std::uint16_t index = 0;
  std::uint16_t count = 1;
  std::function<void(std::uint16_t worker, Mail mail)> post;
  /// Bytes that wait in the inbox of a worker; may be null.
  std::function<std::size_t(std::uint16_t worker)> backlog{};
  std::uint32_t node = 0;
  /// To another node, or to the rooms that nodes share; null if the node is alone.
  std::function<void(signaling::Address to, signaling::WorkerMessage message)> post_far{};
  /// Whether nobody can have taken this node's peers for dead by then, which is a Now::real, but
  /// for what a worker has been told by that many mail::PeersGone; null if the node is alone.
  std::function<bool(base::TimePoint now, std::uint32_t times_gone)> may_serve{};
  /// Whether the lease that the cluster's store has given this node last still counts, at this
  /// Now::real; null if the node is alone.
  std::function<bool(base::TimePoint now)> has_lease{};
};

}  // namespace heliograph::gateway
