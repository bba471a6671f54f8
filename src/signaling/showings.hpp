#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "base/clock.hpp"

namespace heliograph::signaling {

/// The times at which the owners of a home's rooms must be shown waiting candidates.
class Showings {
 public:
  struct Showing {
    std::string room;
    std::uint32_t node = 0;  // whose candidates
  };

  /// An earlier time that was noted for the same stays.
  void note(const Showing& showing, base::TimePoint when);
  /// Takes out the first whose time has come; nothing if there is none.
  std::optional<Showing> take_due(base::TimePoint now);
  /// When there will be one; TimePoint::max() for never.
  base::TimePoint deadline() const;

 private:
  std::set<std::tuple<base::TimePoint, std::string, std::uint32_t>> by_time_;
  std::map<std::pair<std::string, std::uint32_t>, base::TimePoint> times_;  // the same
};

}  // namespace heliograph::signaling
