#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>

#include "base/clock.hpp"
#include "signaling/worker_message.hpp"

namespace heliograph::gateway {

/// The time of a loop turn, by both clocks.
struct Now {
  base::TimePoint steady;
  std::int64_t unix_seconds = 0;
};

enum class CloseReason : std::uint8_t {
  kClosedByClient,
  kTransportLost,
  kProtocolError,
  kTimeout,
  kTooMuchUnsent,
  kPolicy,
  kGoingAway,
};

/// One Engine.IO message.
struct Message {
  bool binary = false;
  std::string_view data;
};

/// An open Engine.IO session, as its Client sees it. No call here calls the Client back.
class Channel {
 public:
  virtual ~Channel() = default;
  /// Sends a text message: the parts put together, which are copied before the call returns.
  virtual void send_text(std::span<const std::string_view> parts) = 0;
  virtual void send_binary(std::string_view bytes) = 0;
  /// Ends the session when the current loop turn does; what was sent before still goes out.
  virtual void close(CloseReason reason) = 0;
};

/// What the application keeps for one session, from its opening until it is destroyed.
class Client {
 public:
  virtual ~Client() = default;
  virtual void receive(const Message& message, const Now& now) = 0;
  /// The session is closed at this time, unless the deadline has moved by then.
  virtual base::TimePoint deadline() const { return base::TimePoint::max(); }
};

/// What a worker runs on top of Engine.IO. All calls come from the worker's thread.
class Application {
 public:
  virtual ~Application() = default;
  virtual std::unique_ptr<Client> open(Channel& channel, const Now& now) = 0;
  /// Mail from the same application on another worker.
  virtual void receive(signaling::WorkerMessage&& /*mail*/, const Now& /*now*/) {}
  /// To be called at deadline().
  virtual void elapse(const Now& /*now*/) {}
  virtual base::TimePoint deadline() const { return base::TimePoint::max(); }
};

/// How an Application reaches the other workers of its node; see worker_message.hpp for the order.
struct WorkerLink {
  std::uint16_t index = 0;
  std::uint16_t count = 1;
  std::function<void(std::uint16_t worker, signaling::WorkerMessage mail)> post;
};

}  // namespace heliograph::gateway
