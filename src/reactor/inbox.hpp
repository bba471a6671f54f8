#pragma once

#include <atomic>
#include <cstddef>
#include <mutex>
#include <utility>
#include <vector>

namespace heliograph::reactor {

/// Items that other threads send to a worker, in the order in which they were pushed.
template <class T>
class Inbox {
 public:
  /// `bytes`: about what the item takes. True if the inbox was empty: then wake its owner, once for
  /// all that follows.
  bool push(T item, std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    bytes_.store(this->bytes() + bytes, std::memory_order_relaxed);
    items_.push_back(std::move(item));
    return items_.size() == 1;
  }

  /// Takes all there is; `items` must be empty and lends its capacity.
  void take(std::vector<T>& items) {
    const std::lock_guard lock(mutex_);
    items_.swap(items);
    bytes_.store(0, std::memory_order_relaxed);
  }

  /// The bytes of the items that wait to be taken. Any thread.
  std::size_t bytes() const { return bytes_.load(std::memory_order_relaxed); }

 private:
  std::mutex mutex_;
  std::atomic<std::size_t> bytes_ = 0;  // changed by the holder of the mutex
  std::vector<T> items_;
};

}  // namespace heliograph::reactor
