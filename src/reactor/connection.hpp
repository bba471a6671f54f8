#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <boost/intrusive/list.hpp>

#include "reactor/address.hpp"
#include "reactor/descriptor.hpp"
#include "reactor/loop_turn.hpp"
#include "reactor/output.hpp"
#include "reactor/protocol.hpp"
#include "reactor/timer_wheel.hpp"

namespace heliograph::reactor {

class Connection;

/// A connection's place in one of its owner's lists.
using ConnectionHook = boost::intrusive::list_base_hook<>;

/// Owns the connections of a loop.
class ConnectionOwner {
 public:
  explicit ConnectionOwner(LoopTurn& turn) : turn_(turn) {}
  ConnectionOwner(const ConnectionOwner&) = delete;
  ConnectionOwner& operator=(const ConnectionOwner&) = delete;

  LoopTurn& turn() const { return turn_; }
  /// The connection belongs to a client that was let in: it is not dropped for want of descriptors.
  virtual void admit(Connection& connection) = 0;
  /// The connection is finished; destroy it when the turn has ended.
  virtual void has_finished(Connection& connection) = 0;

 protected:
  ~ConnectionOwner() = default;

 private:
  LoopTurn& turn_;
};

/// Counts a connection until it has ended; if its socket is handed on, until that has.
class ConnectionCounter {
 public:
  /// Stops counting it. Any thread.
  virtual void leave() = 0;

 protected:
  ~ConnectionCounter() = default;
};
struct LeaveCounter {
  void operator()(ConnectionCounter* counter) const { counter->leave(); }
};
/// A connection's place in a count; null if it is not counted.
using ConnectionPlace = std::unique_ptr<ConnectionCounter, LeaveCounter>;

/// One TCP connection of a worker. Output collects until the loop turn ends and then goes out in
/// one write. finish() ends it, whatever the cause; everything else only asks for that. Its owner
/// destroys it when the turn in which it was finished has ended.
class Connection final : public ConnectionHook, private TurnWriter, private Timer {
 public:
  /// `socket` must be non-blocking.
  Connection(ConnectionOwner& owner, Descriptor socket);
  ~Connection() override;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Begins to read.
  void start(std::unique_ptr<Protocol> protocol);

  /// Another protocol takes over when the current one has returned to the connection, and gets
  /// `rest` first. Something must have been sent before.
  void switch_to(std::unique_ptr<Protocol> protocol, std::string rest);

  /// Append output here. Call it again each time.
  std::string& output() { return output_of_turn().appended(); }
  /// Sends, after that, bytes in memory that must not change until they are sent.
  void lend(std::string_view bytes, const base::BlockRef& memory) {
    output_of_turn().lend(bytes, memory);
  }
  /// Bytes held for the client: unwritten output, and messages that are not complete.
  std::size_t held_bytes() const {
    return (output_ ? output_->memory() : 0) + (protocol_ ? protocol_->held_bytes() : 0);
  }
  /// See LoopTurn::hold().
  void hold(std::size_t before, std::size_t now);
  /// Bytes that wait to be written.
  std::size_t unsent() const { return output_ ? output_->size() : 0; }
  /// Whether `bytes` more fit below Settings::max_unsent_bytes, after trying to write; if not, the
  /// client does not read what it is sent.
  bool make_room(std::size_t bytes);

  /// kLinger: waits a little for the client to close its side, so that nothing sent is lost to a
  /// reset (RFC 9112 §9.6). kAtOnce: the client has said that it sends no more. kIfItReads: as
  /// kLinger, but what the client's socket does not take now is dropped with the connection.
  enum class Parting : unsigned char { kLinger, kAtOnce, kIfItReads };
  /// Sends what there is, then closes.
  void close_after_sending(Parting parting = Parting::kLinger);
  /// Closes at once when the loop turn ends.
  void abort();
  /// The same for want of something; the client is told so if it reads.
  void drop(Shortage shortage);

  /// The client was let in; see ConnectionOwner::admit().
  void admit() {
    if (state_ != State::kFinished) owner_.admit(*this);
  }
  bool is_admitted() const { return is_admitted_; }
  void note_admission() { is_admitted_ = true; }

  void set_deadline(base::TimePoint when);
  /// The time that deadlines are judged by.
  base::TimePoint now() const;
  /// The server stops.
  void stop();

  /// The client's.
  base::IpAddress address() const { return peer_address(socket_.get()); }

  /// Reads nothing until resume().
  void pause() { is_paused_ = true; }
  void resume();
  bool is_paused() const { return is_paused_; }

  /// Leaves the rest of this turn to the other connections: Protocol::drained() is called again in
  /// the next one, and nothing is read before.
  void yield();

  /// It is counted there until it ends.
  void occupy(ConnectionPlace place) { place_ = std::move(place); }
  ConnectionPlace take_place() { return std::move(place_); }

  /// Gives the socket away, all that was sent having gone out, and finishes without closing it.
  Descriptor release();

 private:
  enum class State : unsigned char { kOpen, kSending, kLingering, kFinished };

  void readable(OtherSide other_side) override;
  void writable() override;
  void flush() override;
  void time_over() override;
  void end_of_input();
  Output& output_of_turn();
  void hand_over(std::span<char> bytes);
  void take_next_protocol();
  bool write_some();
  void count_output(std::size_t bytes);
  void watch();
  void linger();
  void finish();
  void leave();
  LoopTurn& turn() const { return owner_.turn(); }

  ConnectionOwner& owner_;
  Descriptor socket_;
  // Most connections are idle, so each byte counts.
  State state_ : 2 = State::kOpen;
  Parting parting_ : 2 = Parting::kLinger;
  bool is_dirty_ : 1 = false;
  bool is_aborted_ : 1 = false;
  bool waits_writable_ : 1 = false;
  bool has_ended_input_ : 1 = false;
  bool is_paused_ : 1 = false;
  bool is_admitted_ : 1 = false;
  bool is_yielding_ = false;
  ConnectionPlace place_;
  std::unique_ptr<Protocol> protocol_;
  std::unique_ptr<Protocol> next_protocol_;
  std::string rest_;  // what next_protocol_ gets first
  std::unique_ptr<Output> output_;
};

}  // namespace heliograph::reactor
