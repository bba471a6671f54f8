#pragma once

#include <mutex>
#include <utility>
#include <vector>

namespace heliograph::net {

/// What other threads send to a worker, in the order in which it was pushed.
template <class T>
class Inbox {
 public:
  /// True where the inbox was empty: its owner is to be woken, once for all that follows.
  bool push(T item) {
    const std::lock_guard lock(mutex_);
    items_.push_back(std::move(item));
    return items_.size() == 1;
  }

  /// Takes all there is; `items` must be empty and lends its capacity.
  void take(std::vector<T>& items) {
    const std::lock_guard lock(mutex_);
    items_.swap(items);
  }

 private:
  std::mutex mutex_;
  std::vector<T> items_;
};

}  // namespace heliograph::net
