#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include "signaling/worker_message.hpp"

namespace heliograph::signaling {

/// Calls `take(home, part)` with one part of the update for each worker that has peers among those
/// it is for, however many they are.
template <class Take>
void split_by_home(RoomUpdate update, const Take& take) {
  std::vector<PeerId> rest = std::move(update.to);
  while (!rest.empty()) {
    const Address home = rest.front().home;
    const auto others =
        std::ranges::stable_partition(rest, [&](const PeerId& peer) { return peer.home == home; });
    update.to.assign(rest.begin(), others.begin());
    rest.erase(rest.begin(), others.begin());
    take(home, update);
  }
}

}  // namespace heliograph::signaling
