#include "cluster/deliveries.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace heliograph::cluster {

void Deliveries::add(signaling::Address to, const signaling::WorkerMessage& message) {
  std::string& batch = batches_[to.node];
  if (batch.empty()) begin_batch(batch, origin_);
  append_message(batch, to.worker, message);
}

void Deliveries::add(signaling::RoomEffect effect) {
  if (auto* acknowledgement = std::get_if<signaling::Acknowledgement>(&effect)) {
    const signaling::Address home = acknowledgement->to.home;
    return add(home, std::move(*acknowledgement));
  }
  auto& update = std::get<signaling::RoomUpdate>(effect);
  std::vector<signaling::PeerId> rest = std::move(update.to);
  while (!rest.empty()) {
    const signaling::Address home = rest.front().home;
    const auto others = std::ranges::stable_partition(
        rest, [&](const signaling::PeerId& peer) { return peer.home == home; });
    update.to.assign(rest.begin(), others.begin());
    add(home, update);
    rest.erase(rest.begin(), others.begin());
  }
}

std::vector<Delivery> Deliveries::take() {
  std::vector<Delivery> deliveries;
  for (auto& [node, batch] : batches_) {
    if (!gone_.contains(node)) deliveries.push_back({node, std::move(batch)});
  }
  batches_.clear();
  return deliveries;
}

}  // namespace heliograph::cluster
