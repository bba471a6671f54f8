#include "signaling/member_index.hpp"

namespace heliograph::signaling {

void MemberIndex::add(std::string_view room, const PeerId& peer) {
  auto found = rooms_.find(room);
  if (found == rooms_.end()) found = rooms_.try_emplace(std::string(room)).first;
  found->second.insert(peer);
}

void MemberIndex::remove(std::string_view room, const PeerId& peer) {
  const auto found = rooms_.find(room);
  if (found == rooms_.end()) return;
  found->second.erase(peer);
  if (found->second.empty()) rooms_.erase(found);
}

const std::set<PeerId>& MemberIndex::of(std::string_view room) const {
  const auto found = rooms_.find(room);
  return found == rooms_.end() ? nobody_ : found->second;
}

}  // namespace heliograph::signaling
