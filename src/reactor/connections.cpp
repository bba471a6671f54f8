#include "reactor/connections.hpp"

#include <memory>
#include <utility>

namespace heliograph::reactor {

Connections::Connections(LoopTurn& turn) : ConnectionOwner(turn) { turn.at_end(*this); }

Connections::~Connections() { clear(); }

void Connections::clear() {
  arrivals_.clear_and_dispose(std::default_delete<Connection>{});
  admitted_.clear_and_dispose(std::default_delete<Connection>{});
  finished_.clear_and_dispose(std::default_delete<Connection>{});
}

Connection& Connections::connect(Descriptor socket) {
  arrivals_.push_back(*new Connection(*this, std::move(socket)));
  return arrivals_.back();
}

void Connections::stop() {
  for (List* const list : {&arrivals_, &admitted_}) {
    for (Connection& connection : *list) connection.stop();
  }
}

void Connections::admit(Connection& connection) {
  if (connection.is_admitted()) return;
  connection.note_admission();
  admitted_.splice(admitted_.end(), arrivals_, arrivals_.iterator_to(connection));
}

bool Connections::drop_oldest_arrival() {
  if (arrivals_.empty()) return false;
  Connection& oldest = arrivals_.front();
  admit(oldest);  // it is not the oldest any more
  oldest.drop(Shortage::kDescriptors);
  return true;
}

std::size_t Connections::drop_arrivals(std::size_t bytes) {
  std::size_t freed = 0;
  for (auto at = arrivals_.begin(); at != arrivals_.end() && freed < bytes;) {
    Connection& connection = *at++;
    const std::size_t held = connection.held_bytes();
    if (held == 0) continue;
    freed += held;
    admit(connection);  // it is not dropped again
    connection.drop(Shortage::kMemory);
  }
  return freed;
}

void Connections::has_finished(Connection& connection) {
  List& list = connection.is_admitted() ? admitted_ : arrivals_;
  finished_.splice(finished_.end(), list, list.iterator_to(connection));
}

void Connections::turn_ended() { finished_.clear_and_dispose(std::default_delete<Connection>{}); }

}  // namespace heliograph::reactor
