#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include <boost/intrusive/list.hpp>

#include "net/protocol.hpp"
#include "net/socket.hpp"
#include "net/timer_wheel.hpp"

namespace heliograph::net {

class LoopTurn;

/// A connection's place in its worker's list, which it leaves when it is finished.
using ConnectionHook =
    boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

/// One TCP connection of a worker. What is sent collects until the loop turn ends and then goes out
/// in one write. finish() ends it, whatever the cause; everything else only asks for that.
/// Kept alive by the read that is always outstanding until it is finished.
class Connection final : public std::enable_shared_from_this<Connection>,
                         public ConnectionHook,
                         private Timer {
 public:
  Connection(LoopTurn& turn, Socket socket);
  ~Connection() override;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Begins to read. `first` are bytes that another connection object read before.
  void start(std::unique_ptr<Protocol> protocol, std::string_view first = {});

  /// Another protocol takes over when the current one has returned to the connection, and gets
  /// `rest` first. Something must have been sent before.
  void switch_to(std::unique_ptr<Protocol> protocol, std::string rest);

  /// Where to append what is to be sent; call it anew each time.
  std::string& output();
  std::size_t unsent() const { return output_.size() - written_; }
  /// Whether `bytes` more fit below `max_unsent`, after trying to write; where not, the client does
  /// not read what it is sent, and the connection is aborted.
  bool make_room(std::size_t bytes, std::size_t max_unsent);

  /// Sends what there is, then closes; waits a little for the client to close its side, so that
  /// nothing sent is lost to a reset (RFC 9112 §9.6).
  void close_after_sending();
  /// Closes at once when the loop turn ends.
  void abort();

  void set_deadline(base::TimePoint when);
  void stop();

  /// Gives the socket away, as a file descriptor, and finishes without closing it.
  int release();

  /// For the loop turn's end: writes what has collected.
  void flush();

 private:
  enum class State : unsigned char { kOpen, kSending, kLingering, kFinished };

  void time_over() override;
  void wait_readable();
  void on_readable();
  void read();
  void hand_over(std::span<char> bytes);
  void take_next_protocol();
  void wait_writable();
  bool write_some();
  void linger();
  void finish();
  void leave_lists();

  LoopTurn& turn_;
  Socket socket_;
  std::unique_ptr<Protocol> protocol_;
  std::unique_ptr<Protocol> next_protocol_;
  std::string rest_;
  std::string output_;
  std::size_t written_ = 0;  // of output_
  State state_ = State::kOpen;
  bool is_dirty_ = false;
  bool is_aborted_ = false;
  bool waits_writable_ = false;
};

using ConnectionList =
    boost::intrusive::list<Connection, boost::intrusive::constant_time_size<false>>;

}  // namespace heliograph::net
