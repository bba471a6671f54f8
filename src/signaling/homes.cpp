#include "signaling/homes.hpp"

#include <cstddef>
#include <functional>

#include "signaling/worker_message.hpp"

namespace heliograph::signaling {

Address Homes::of_room(std::string_view room) const {
  if (is_clustered) return {self.node, kClusterWorker};
  const std::size_t hash = std::hash<std::string_view>{}(room);
  return {self.node, static_cast<std::uint16_t>(hash % workers)};
}

bool Homes::may_have_peers_at(const Address& address) const {
  if (address.node != self.node) return is_clustered;
  return address.worker < workers;
}

}  // namespace heliograph::signaling
