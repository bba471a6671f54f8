#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <vector>

namespace heliograph::gateway {

/// A holder of this many bytes, and the group that they count towards.
template <class Holder, class Group>
struct Holding {
  Holder holder;
  Group group;
  std::size_t bytes = 0;
};

/// The holders to end to free so many bytes: of the group that holds most, the one that holds most,
/// and again, until it is enough. So one group may have everything while no other needs it.
template <class Holder, class Group>
std::vector<Holder> heaviest(std::vector<Holding<Holder, Group>> holdings, std::size_t bytes) {
  using Each = Holding<Holder, Group>;
  struct Members {
    std::size_t bytes = 0;
    std::vector<Each> holdings;  // the heaviest last
  };
  std::map<Group, Members> groups;
  std::ranges::sort(holdings, {}, &Each::bytes);
  for (const Each& each : holdings) {
    if (each.bytes == 0) continue;
    Members& members = groups[each.group];
    members.bytes += each.bytes;
    members.holdings.push_back(each);
  }
  std::vector<Holder> chosen;
  for (std::size_t freed = 0; freed < bytes;) {
    const auto heavy =
        std::ranges::max_element(groups, {}, [](const auto& group) { return group.second.bytes; });
    if (heavy == groups.end() || heavy->second.holdings.empty()) break;
    Members& members = heavy->second;
    const Each most = members.holdings.back();
    members.holdings.pop_back();
    members.bytes -= most.bytes;
    freed += most.bytes;
    chosen.push_back(most.holder);
  }
  return chosen;
}

}  // namespace heliograph::gateway
