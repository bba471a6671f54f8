#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace heliograph::reactor {

/// Resources that the server may be short of.
enum class Shortage : std::uint8_t { kDescriptors, kMemory };

/// The protocol of a Connection, which owns it. Destroyed with the connection or when another
/// protocol takes over.
class Protocol {
 public:
  virtual ~Protocol() = default;
  /// Bytes that came in; they may be changed in place and are gone when the call returns.
  virtual void on_bytes(std::span<char> bytes) = 0;
  /// The connection has ended; nothing can be sent any more. Called once, unless another protocol
  /// took over.
  virtual void closed() = 0;
  /// The connection is closing, and nothing more is received: free what is held of messages that
  /// are not complete. Called at the end of a turn, perhaps again.
  virtual void closing() {}
  /// All that was sent has gone out.
  virtual void drained() {}
  /// The server stops: end what is idle, let what is being answered end by itself.
  virtual void stop() = 0;
  /// The connection ends for want of something: say so, if anything.
  virtual void drop(Shortage shortage) = 0;
  /// The bytes held of messages that are not complete.
  virtual std::size_t held_bytes() const { return 0; }
  /// The time set with Connection::set_deadline() is over.
  virtual void time_over() = 0;
};

}  // namespace heliograph::reactor
