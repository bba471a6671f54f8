#pragma once

#include <span>

namespace heliograph::net {

/// What is spoken over a Connection, which owns it. Destroyed with the connection or when another
/// protocol takes over.
class Protocol {
 public:
  virtual ~Protocol() = default;
  /// Bytes that came in; they may be changed in place and are gone when the call returns.
  virtual void receive(std::span<char> bytes) = 0;
  /// The connection has ended; nothing can be sent any more. Called once, unless another protocol
  /// took over.
  virtual void closed() = 0;
  /// All that was sent has gone out.
  virtual void drained() {}
  /// The server stops: end what is idle, let what is being answered end by itself.
  virtual void stop() = 0;
  /// The connection ends for want of descriptors: say so, if anything.
  virtual void drop() = 0;
  /// The time set with Connection::set_deadline() is over.
  virtual void time_over() = 0;
};

}  // namespace heliograph::net
