#pragma once

#include <cstddef>

#include <boost/intrusive/list.hpp>

#include "reactor/connection.hpp"
#include "reactor/descriptor.hpp"
#include "reactor/loop_turn.hpp"

namespace heliograph::reactor {

/// The connections of a loop, in the order in which they came: those of clients that have not been
/// let in yet, and the others. Must outlive the last turn of the loop.
class Connections final : public ConnectionOwner, private EndOfTurn {
 public:
  explicit Connections(LoopTurn& turn);
  Connections(const Connections&) = delete;
  Connections& operator=(const Connections&) = delete;
  ~Connections() override;

  /// A new one, which is not let in yet. `socket` must be non-blocking.
  Connection& connect(Descriptor socket);
  bool empty() const { return arrivals_.empty() && admitted_.empty(); }
  /// The server stops.
  void stop();
  /// Destroys all, without telling the clients.
  void clear();

  /// At the end of the turn, the one that has been here longest without being let in is dropped.
  /// False if there is none.
  bool drop_oldest_arrival();
  /// At the end of the turn, those that have been here longest without being let in, and for which
  /// something is held, are dropped, until this many bytes are free. Returns how many will be.
  std::size_t drop_arrivals(std::size_t bytes);

  void admit(Connection& connection) override;
  void has_finished(Connection& connection) override;

 private:
  using List = boost::intrusive::list<Connection, boost::intrusive::constant_time_size<false>>;

  void turn_ended() override;

  List arrivals_;
  List admitted_;
  List finished_;
};

}  // namespace heliograph::reactor
