#include "signaling/showings.hpp"

namespace heliograph::signaling {

void Showings::note(const Showing& showing, base::TimePoint when) {
  const auto [known, is_new] = times_.try_emplace({showing.room, showing.node}, when);
  if (!is_new) {
    if (known->second <= when) return;
    by_time_.erase({known->second, showing.room, showing.node});
    known->second = when;
  }
  by_time_.emplace(when, showing.room, showing.node);
}

std::optional<Showings::Showing> Showings::take_due(base::TimePoint now) {
  if (by_time_.empty() || deadline() > now) return std::nullopt;
  auto [when, room, node] = by_time_.extract(by_time_.begin()).value();
  times_.erase({room, node});
  return Showing{std::move(room), node};
}

base::TimePoint Showings::deadline() const {
  return by_time_.empty() ? base::TimePoint::max() : std::get<base::TimePoint>(*by_time_.begin());
}

}  // namespace heliograph::signaling
