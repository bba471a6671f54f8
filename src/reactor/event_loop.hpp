#pragma once

#include <array>
#include <cstdint>

#include <sys/epoll.h>

#include "base/clock.hpp"
#include "reactor/descriptor.hpp"

namespace heliograph::reactor {

/// The events of a descriptor that its owner wants to be told of.
enum class Interest : std::uint32_t {
  kRead = EPOLLET | EPOLLIN | EPOLLRDHUP,
  kWrite = EPOLLET | EPOLLOUT,
  kReadAndWrite = EPOLLET | EPOLLIN | EPOLLRDHUP | EPOLLOUT,
};

/// Whether the other side of a descriptor may send more.
enum class OtherSide : bool { kOpen, kEnded };

/// Owns a descriptor that an EventLoop watches.
class EventSource {
 public:
  virtual ~EventSource() = default;
  /// There is something to read. kEnded: the other side has also closed, or the connection is
  /// broken; the read behind the last bytes will tell.
  virtual void readable(OtherSide other_side) = 0;
  /// There is room to write; called only with that interest.
  virtual void writable() {}
};

/// Waits for descriptors (epoll, edge-triggered) and tells their owners, once each time that more
/// has come. An owner that leaves something unread calls change() to be told again. A source must
/// outlive the call of dispatch() in which its descriptor is closed.
class EventLoop {
 public:
  /// Throws std::system_error if the kernel has no epoll instance left.
  EventLoop();

  /// False if the kernel cannot watch one more.
  bool add(int descriptor, EventSource& source, Interest interest);
  /// The source is told again of what is there already.
  void change(int descriptor, EventSource& source, Interest interest);
  void remove(int descriptor);

  /// Waits for events, for ever if `timeout` is Duration::max(). Takes a batch of at most kBatch.
  void wait(base::Duration timeout);
  /// Tells the sources of the events that wait() took.
  void dispatch();

 private:
  static constexpr int kBatch = 256;

  Descriptor epoll_;
  std::array<epoll_event, kBatch> events_;
  int count_ = 0;
};

}  // namespace heliograph::reactor
