#pragma once

#include <deque>
#include <functional>
#include <set>
#include <string>
#include <utility>

namespace heliograph::cluster {

/// Names of rooms in the order in which they came, each once.
class RoomLine {
 public:
  bool is_empty() const { return line_.empty(); }
  /// Nothing if the room is in the line already.
  void push(const std::string& room) {
    if (names_.insert(room).second) line_.push_back(room);
  }
  /// The first one. There must be one.
  std::string pop() {
    std::string room = std::move(line_.front());
    line_.pop_front();
    names_.erase(room);
    return room;
  }
  void clear() {
    line_.clear();
    names_.clear();
  }

 private:
  std::deque<std::string> line_;
  std::set<std::string, std::less<>> names_;
};

}  // namespace heliograph::cluster
