#include "signaling/join_timeouts.hpp"

#include <utility>

namespace heliograph::signaling {

void JoinTimeouts::begin(const Timeout& timeout, base::TimePoint now) {
  timeouts_[timeout.serial] = {now + timeout_, timeout.room, timeout.candidate};
}

std::optional<JoinTimeouts::Timeout> JoinTimeouts::take_overdue(base::TimePoint now) {
  if (deadline() > now || timeouts_.empty()) return std::nullopt;
  auto first = timeouts_.extract(timeouts_.begin());
  return Timeout{first.key(), std::move(first.mapped().room), first.mapped().candidate};
}

base::TimePoint JoinTimeouts::deadline() const {
  return timeouts_.empty() ? base::TimePoint::max() : timeouts_.begin()->second.when;
}

}  // namespace heliograph::signaling
