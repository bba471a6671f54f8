#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include "signaling/event.hpp"
#include "signaling/peer_id.hpp"
#include "signaling/refusal.hpp"
#include "signaling/worker_message.hpp"

namespace heliograph::signaling {

/// An event of a stranger, which is not in the room.
struct Knock {
  std::string_view room;
  Stranger stranger;
  std::string_view event;
};

/// Receives all output of a worker's Service. Views are valid until the call returns.
class Outbox {
 public:
  virtual ~Outbox() = default;
  /// An event, `["name",{…}]`, to a peer of this worker.
  virtual void deliver(const PeerId& to, const EventText& event,
                       const SharedAttachments& attachments) = 0;
  /// The same for a stranger that comes to the door of a room of `to`, or goes away from there.
  virtual void knock(const PeerId& to, const Knock& knock, const SharedAttachments& attachments) {
    deliver(to, knock.event, attachments);
  }
  /// The arguments, `[…]`, of the acknowledgement `id` to a peer of this worker.
  virtual void acknowledge(const PeerId& to, std::uint64_t id, std::string_view arguments) = 0;
  /// A `request-error` to a peer of this worker.
  virtual void report(const PeerId& to, const Refusal& refusal, const RefusedEvent& refused) {
    report(to, request_error(refusal, refused));
  }
  /// The same from another worker, `["request-error",{…}]`.
  virtual void report(const PeerId& to, std::string_view event) { deliver(to, event, {}); }
  /// Whether too much waits already for the worker at this address.
  virtual bool is_congested(const Address& /*to*/) const { return false; }
  /// A message to another worker; see worker_message.hpp for the order that must be kept.
  virtual void post(Address to, WorkerMessage message) = 0;
  /// Takes out a peer of this worker, if its client is not connected now; false if it is.
  virtual bool end_absent(const PeerId& /*peer*/) { return false; }
  /// Closes the connection of a peer that was taken out just now: its client has another one.
  virtual void close_replaced(const Replace& /*replace*/) {}
  /// One of the answers to Service::replace() has come.
  virtual void replaced(const Replaced& /*answer*/) {}
};

/// The reason to refuse a client's event if its target worker is too far behind.
inline constexpr Refusal kCongested{.error = Error::kRateLimited,
                                    .retry_after = std::chrono::milliseconds(1'000)};

}  // namespace heliograph::signaling
