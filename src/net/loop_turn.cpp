#include "net/loop_turn.hpp"

#include <chrono>
#include <memory>
#include <utility>

#include "net/session.hpp"

namespace heliograph::net {
namespace {

constexpr std::size_t kReceiveBytes = 64 * 1024;

// Swaps out and goes through a list that grows while that is done.
template <class T, class Do>
bool drain(std::vector<T>& list, Do&& act) {
  if (list.empty()) return false;
  std::vector<T> items;
  items.swap(list);
  for (T& item : items) act(item);
  items.clear();
  if (list.empty()) list.swap(items);  // keep the capacity
  return true;
}

}  // namespace

LoopTurn::~LoopTurn() { drop_connections(); }

void LoopTurn::drop_connections() {
  arrivals_.clear_and_dispose(std::default_delete<Connection>{});
  connections_.clear_and_dispose(std::default_delete<Connection>{});
  finished_.clear_and_dispose(std::default_delete<Connection>{});
}

LoopTurn::LoopTurn()
    : woke_(base::Clock::now()), clock_(woke_), receive_buffer_(kReceiveBytes), timers_(woke_) {}

base::Duration LoopTurn::wait(base::TimePoint when) {
  const base::TimePoint begin = base::Clock::now();
  base::Duration stall = clock_.on_step(woke_, base::Duration::zero(), begin);
  const base::Duration timeout = clock_.wait_until(when, begin);
  loop_.wait(timeout);
  woke_ = base::Clock::now();
  stall += clock_.on_step(begin, timeout, woke_);
  now_is_fresh_ = false;
  return stall;
}

const base::Now& LoopTurn::now() {
  if (!now_is_fresh_) {
    const auto wall = std::chrono::system_clock::now().time_since_epoch();
    now_ = {.steady = clock_.at(woke_),
            .unix_seconds = std::chrono::duration_cast<std::chrono::seconds>(wall).count(),
            .real = woke_};
    now_is_fresh_ = true;
  }
  return now_;
}

std::unique_ptr<Output> LoopTurn::take_output() {
  if (outputs_.empty()) return std::make_unique<Output>();
  std::unique_ptr<Output> output = std::move(outputs_.back());
  outputs_.pop_back();
  kept_bytes_ -= output->memory();
  return output;
}

void LoopTurn::give_back(std::unique_ptr<Output> output) {
  const std::size_t bytes = output->memory();
  if (!output->is_small() || kept_bytes_ + bytes > kMaxKeptBytes) return;
  kept_bytes_ += bytes;
  outputs_.push_back(std::move(output));
}

void LoopTurn::drop_spare() {
  outputs_.clear();
  outputs_.shrink_to_fit();
  kept_bytes_ = 0;
}

Connection& LoopTurn::connect(Descriptor socket) {
  arrivals_.push_back(*new Connection(*this, std::move(socket)));
  return arrivals_.back();
}

void LoopTurn::stop_connections() {
  for (ConnectionList* const list : {&arrivals_, &connections_}) {
    for (Connection& connection : *list) connection.stop();
  }
}

void LoopTurn::admit(Connection& connection) {
  if (connection.is_admitted()) return;
  connection.note_admission();
  connections_.splice(connections_.end(), arrivals_, arrivals_.iterator_to(connection));
}

bool LoopTurn::drop_oldest_arrival() {
  if (arrivals_.empty()) return false;
  Connection& oldest = arrivals_.front();
  admit(oldest);  // it is not the oldest any more
  oldest.drop(Shortage::kDescriptors);
  return true;
}

std::size_t LoopTurn::drop_arrivals(std::size_t bytes) {
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

void LoopTurn::will_destroy(Connection& connection) {
  std::erase(later_writers_, &connection);
  ConnectionList& list = connection.is_admitted() ? connections_ : arrivals_;
  finished_.splice(finished_.end(), list, list.iterator_to(connection));
}

void LoopTurn::end() {
  bool more = true;
  while (more) {
    more = drain(polls_, [](Session* session) { session->answer_poll(); });
    more |= drain(ending_, [](Session* session) { session->end(); });
    more |= drain(writers_, [](Connection* connection) { connection->flush(); });
  }
  finished_.clear_and_dispose(std::default_delete<Connection>{});
  writers_.swap(later_writers_);
}

}  // namespace heliograph::net
