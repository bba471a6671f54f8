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

LoopTurn::~LoopTurn() {
  connections_.clear_and_dispose(std::default_delete<Connection>{});
  finished_.clear_and_dispose(std::default_delete<Connection>{});
}

LoopTurn::LoopTurn() : receive_buffer_(kReceiveBytes), timers_(base::Clock::now()) {}

const gateway::Now& LoopTurn::now() {
  if (!now_is_fresh_) {
    const auto wall = std::chrono::system_clock::now().time_since_epoch();
    now_ = {base::Clock::now(), std::chrono::duration_cast<std::chrono::seconds>(wall).count()};
    now_is_fresh_ = true;
  }
  return now_;
}

std::string LoopTurn::take_buffer() {
  std::string buffer;
  if (buffers_.empty()) {
    buffer.reserve(kBufferBytes);
  } else {
    buffer = std::move(buffers_.back());
    buffers_.pop_back();
  }
  return buffer;
}

void LoopTurn::give_back(std::string buffer) {
  if (buffer.capacity() < kBufferBytes || buffer.capacity() > kMaxKeptBytes) return;
  if (buffers_.size() >= kMaxKept) return;
  buffer.clear();
  buffers_.push_back(std::move(buffer));
}

Connection& LoopTurn::connect(Descriptor socket) {
  connections_.push_back(*new Connection(*this, std::move(socket)));
  return connections_.back();
}

void LoopTurn::will_destroy(Connection& connection) {
  std::erase(later_writers_, &connection);
  finished_.splice(finished_.end(), connections_, connections_.iterator_to(connection));
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
