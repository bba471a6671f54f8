#include "cluster/deliveries.hpp"

#include <utility>
#include <variant>

#include "signaling/split_update.hpp"

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
  if (auto* error = std::get_if<signaling::RequestError>(&effect)) {
    const signaling::Address home = error->to.home;
    return add(home, std::move(*error));
  }
  if (auto* vacate = std::get_if<signaling::Vacate>(&effect)) {
    const signaling::Address home = vacate->peer.home;
    return add(home, std::move(*vacate));
  }
  if (const auto* replaced = std::get_if<signaling::Replaced>(&effect)) {
    return add(replaced->successor.home, *replaced);
  }
  signaling::split_by_home(std::move(std::get<signaling::RoomUpdate>(effect)),
                           [this](const signaling::Address& home,
                                  const signaling::RoomUpdate& part) { add(home, part); });
}

std::vector<Delivery> Deliveries::take() {
  std::vector<Delivery> deliveries;
  for (auto& [node, batch] : batches_) {
    if (!gone_.contains(node)) deliveries.push_back({node, std::move(batch)});
  }
  batches_.clear();
  return deliveries;
}

void renumber(std::vector<Delivery>& deliveries, std::uint64_t serial) {
  for (Delivery& delivery : deliveries) renumber_batch(delivery.batch, serial);
}

}  // namespace heliograph::cluster
