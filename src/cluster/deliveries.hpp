#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "cluster/bus_message.hpp"
#include "cluster/store.hpp"
#include "signaling/room_directory.hpp"

namespace heliograph::cluster {

/// Sorts messages into one batch a node, in the order in which they are added.
class Deliveries {
 public:
  explicit Deliveries(const BatchOrigin& origin) : origin_(origin) {}

  void add(signaling::Address to, const signaling::WorkerMessage& message);
  /// An update goes once to each worker that has peers among those it is for.
  void add(signaling::RoomEffect effect);
  /// Nobody is there any more to be told.
  void leave_out(std::uint32_t node) { gone_.insert(node); }

  std::vector<Delivery> take();

 private:
  BatchOrigin origin_;
  std::map<std::uint32_t, std::string> batches_;
  std::set<std::uint32_t> gone_;
};

/// Gives them all another serial.
void renumber(std::vector<Delivery>& deliveries, std::uint64_t serial);

}  // namespace heliograph::cluster
