#pragma once

#include <cstddef>
#include <list>
#include <optional>
#include <string>
#include <utility>

#include "gateway/counted_bytes.hpp"
#include "signaling/event.hpp"
#include "signaling/service.hpp"

namespace heliograph::gateway {

/// Events of strangers at the doors of a client's rooms, which it has yet to be told of, because it
/// reads slowly or is away: of each stranger the last one, and none of a stranger that came and
/// went. Strangers cannot make it hold more than kMostBytes: beyond that the oldest is dropped.
class Knocks {
 public:
  static constexpr std::size_t kMostBytes = 512UL * 1024;

  /// `total` counts what is held, and outlives it.
  explicit Knocks(std::size_t& total) : bytes_(total) {}

  struct Held {
    std::string room;
    signaling::Stranger stranger;
    std::string event;
    signaling::SharedAttachments attachments;
  };

  /// An event of this many bytes was sent to the client.
  void shown(std::size_t bytes) { unconfirmed_ += bytes; }
  /// Whether so much was sent and not confirmed that nothing more may be. A ping may lie behind it,
  /// which a client that reads 10 kB/s must answer in time.
  bool has_shown_enough() const { return unconfirmed_ >= kMostUnconfirmed; }
  void ping_sent() { before_ping_ = unconfirmed_; }
  void ping_answered() { unconfirmed_ -= std::exchange(before_ping_, 0); }
  /// The same of another connection, by which nothing was shown yet.
  void begin_connection() { unconfirmed_ = before_ping_ = 0; }

  /// How many others had to be dropped for it.
  std::size_t hold(Held knock);
  /// The oldest; nothing if there is none.
  std::optional<Held> take();
  /// Forgets what is held.
  void drop();
  bool is_empty() const { return held_.empty(); }
  std::size_t bytes() const { return bytes_; }

 private:
  static constexpr std::size_t kMostUnconfirmed = 16UL * 1024;

  void forget(std::list<Held>::iterator knock);

  std::list<Held> held_;  // costs nothing while there are none
  CountedBytes bytes_;
  std::size_t unconfirmed_ = 0;
  std::size_t before_ping_ = 0;  // of these, in front of the last ping
};

}  // namespace heliograph::gateway
