#include "cluster/refusals.hpp"

namespace heliograph::cluster {

using signaling::PeerId;

void Refusals::forget(std::uint64_t serial) {
  const auto is_of_commit = [&](const auto& item) { return item.first == serial; };
  std::erase_if(entries_of_members_, is_of_commit);
  std::erase_if(passed_on_, is_of_commit);
  std::erase_if(shut_out_, [&](const auto& item) { return std::get<2>(item.first) == serial; });
}

void Refusals::on_commit(std::uint64_t serial) {
  for (auto& [entry, carried] : shut_out_) {
    if (std::get<2>(entry) == serial) carried = Carried::kOut;
  }
}

void Refusals::on_gone(std::uint64_t serial, const std::string& room, const PeerId& peer) {
  shut_out_.erase(shut_out_.lower_bound({room, peer, 0}),
                  shut_out_.lower_bound({room, peer, serial}));
}

bool Refusals::take_entry_of_member(std::uint64_t serial, const PeerId& peer) {
  return take(entries_of_members_, serial, peer);
}

bool Refusals::take_passed_on(std::uint64_t serial, const PeerId& peer) {
  return take(passed_on_, serial, peer);
}

bool Refusals::take(Refused& refused, std::uint64_t serial, const PeerId& peer) {
  const auto found = refused.find({serial, peer});
  if (found == refused.end()) return false;
  refused.erase(found);
  return true;
}

bool Refusals::is_shut_out(const std::string& room, const PeerId& peer) const {
  for (auto found = shut_out_.lower_bound({room, peer, 0}); found != shut_out_.end(); ++found) {
    const auto& [its_room, its_peer, serial] = found->first;
    if (its_room != room || its_peer != peer) return false;
    if (found->second == Carried::kOut) return true;
  }
  return false;
}

void Refusals::forget_shut_out_except(const std::set<std::uint64_t>& under_way) {
  std::erase_if(shut_out_,
                [&](const auto& item) { return !under_way.contains(std::get<2>(item.first)); });
}

void Refusals::clear() { *this = {}; }

}  // namespace heliograph::cluster
