#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace heliograph::gateway {

/// The apps whose clients a worker has, numbered so that a client's app takes two bytes. Beyond
/// 65 535 apps at a time, the others share the number 0.
class Apps {
 public:
  using Number = std::uint16_t;

  /// One more client of the app.
  Number enter(std::string_view name) {
    const auto known = numbers_.find(std::string(name));
    if (known != numbers_.end()) {
      ++apps_[known->second].clients;
      return known->second;
    }
    if (free_.empty() && apps_.size() > std::numeric_limits<Number>::max()) return 0;
    auto number = static_cast<Number>(apps_.size());
    if (free_.empty()) {
      apps_.emplace_back();
    } else {
      number = free_.back();
      free_.pop_back();
    }
    apps_[number] = {.name = std::string(name), .clients = 1};
    numbers_.emplace(name, number);
    return number;
  }
  /// One client less of the app that enter() gave this number.
  void leave(Number number) {
    if (number == 0 || --apps_[number].clients > 0) return;
    numbers_.erase(apps_[number].name);
    apps_[number] = {};
    free_.push_back(number);
  }
  /// Empty for the number 0.
  const std::string& name(Number number) const { return apps_[number].name; }
  std::size_t size() const { return numbers_.size(); }

 private:
  struct App {
    std::string name;
    std::size_t clients = 0;
  };
  std::vector<App> apps_{App{}};
  std::unordered_map<std::string, Number> numbers_;
  std::vector<Number> free_;
};

}  // namespace heliograph::gateway
