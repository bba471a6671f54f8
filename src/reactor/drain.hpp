#pragma once

#include <utility>
#include <vector>

namespace heliograph::reactor {

/// Empties a list that may grow while that is done, what is new not included; it keeps its memory.
/// False if it was empty.
template <class T, class Act>
bool drain(std::vector<T>& list, Act&& act) {
  if (list.empty()) return false;
  std::vector<T> items;
  items.swap(list);
  for (T& item : items) act(item);
  items.clear();
  if (list.empty()) list.swap(items);
  return true;
}

}  // namespace heliograph::reactor
